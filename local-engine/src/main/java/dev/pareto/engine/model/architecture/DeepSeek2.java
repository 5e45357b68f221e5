package dev.pareto.engine.model.architecture;

import dev.pareto.engine.model.blueprint.Activation;
import dev.pareto.engine.model.blueprint.Attention.Latent;
import dev.pareto.engine.model.blueprint.Attention.Look;
import dev.pareto.engine.model.blueprint.Attention.Queries;
import dev.pareto.engine.model.blueprint.Attention.Unfolding;
import dev.pareto.engine.model.blueprint.Blueprint;
import dev.pareto.engine.model.blueprint.Blueprint.Layer;
import dev.pareto.engine.model.blueprint.Blueprint.Residual.Sequential;
import dev.pareto.engine.model.blueprint.FeedForward;
import dev.pareto.engine.model.blueprint.FeedForward.Gated;
import dev.pareto.engine.model.blueprint.FeedForward.Gating;
import dev.pareto.engine.model.blueprint.FeedForward.Mixture;
import dev.pareto.engine.model.blueprint.FeedForward.Router;
import dev.pareto.engine.model.blueprint.LayerReader;
import dev.pareto.engine.model.blueprint.ModelReader;
import dev.pareto.engine.model.blueprint.Rope;
import dev.pareto.engine.model.blueprint.Rope.Pairing;
import dev.pareto.engine.model.blueprint.Rope.Scaling;
import dev.pareto.engine.model.blueprint.RopeReader;

/**
 * {@code deepseek2}: DeepSeek V2, V2-Lite, V3 and R1. Latent attention, from files that keep its matrices apart
 * ({@code attn_k_b}, {@code attn_v_b}: only the latent is cached) and from older ones that fuse them
 * ({@code attn_kv_b}); a mixture with shared experts after a few dense layers. Groups of experts are rated by their two
 * best in all versions, as in llama.cpp.
 */
final class DeepSeek2 {

    /** The converter multiplies the exponent of YaRN's growth by this. */
    private static final float CONVERTED_LOG_MULTIPLIER = 0.1f;

    private DeepSeek2() {}

    static Blueprint read(ModelReader in) {
        if (in.positiveOrOff("attention.temperature_scale") != 0) {
            throw in.refuse("attention.temperature_scale", "asks for scores that grow with the position, which is not"
                    + " supported yet");
        }
        return in.blueprint(in.layers(DeepSeek2::layer), in.embedding(), in.rms("output_norm"), in.output());
    }

    private static Layer layer(LayerReader in) {
        return new Layer(new Sequential(in.rms("attn_norm"), in.rms("ffn_norm")), attention(in), feedForward(in));
    }

    private static Latent attention(LayerReader in) {
        var model = in.model();
        boolean absorbed = in.has("attn_k_b");
        int heads = in.size("attention.head_count");
        int keySize = headSize(model, absorbed ? "attention.key_length_mla" : "attention.key_length", heads);
        int valueSize = headSize(model, absorbed ? "attention.value_length_mla" : "attention.value_length", heads);
        int latent = model.size("attention.kv_lora_rank");
        int rotated = model.size("rope.dimension_count");
        if (rotated >= keySize) {
            throw model.refuse("rope.dimension_count", "should be less than the key length " + keySize);
        }
        int plain = keySize - rotated;
        int embedding = model.size("embedding_length");
        var queries = queries(in, model.product(heads, keySize), embedding);
        var compress = in.projection("attn_kv_a_mqa", latent + rotated, embedding);
        var unfolding = absorbed
                ? new Unfolding.Absorbed(in.matrices("attn_k_b", heads, latent, plain),
                        in.matrices("attn_v_b", heads, valueSize, latent))
                : new Unfolding.Expanded(
                        in.projection("attn_kv_b", model.product(heads, plain + valueSize), latent));
        return new Latent(heads, plain, valueSize, rope(model, rotated), queries, compress,
                in.rms("attn_kv_a_norm", latent), unfolding, Look.scaled(scale(model, keySize)),
                in.projection("attn_output", embedding, model.product(heads, valueSize)));
    }

    private static int headSize(ModelReader in, String key, int heads) {
        return in.size(key, Math.max(1, in.size("embedding_length") / heads));
    }

    /** V2-Lite makes its queries at once. */
    private static Queries queries(LayerReader in, int rows, int embedding) {
        if (!in.has("attn_q_a")) {
            return new Queries.Direct(in.projection("attn_q", rows, embedding));
        }
        int rank = in.model().size("attention.q_lora_rank");
        return new Queries.LowRank(in.projection("attn_q_a", rank, embedding), in.rms("attn_q_a_norm", rank),
                in.projection("attn_q_b", rows, rank));
    }

    /** Where the file tells how scores grow with YaRN's factor, the rotated vectors themselves do not. */
    private static Rope rope(ModelReader in, int size) {
        var rope = RopeReader.read(in, size, Pairing.NEIGHBOURS);
        return logMultiplier(in) == 0 ? rope : rope.magnified(RopeReader.scaling(in).attentionFactor());
    }

    /** As in llama.cpp a linear scaling makes scores grow, too. */
    private static float scale(ModelReader in, int keySize) {
        var scaling = RopeReader.scaling(in);
        float multiplier = logMultiplier(in);
        boolean yarn = scaling.kind() == Scaling.Kind.YARN;
        float usual = yarn && multiplier != 0 ? 1 : yarn ? scaling.growth() : scaling.stretch();
        float all = scaling.attentionFactor() * usual * (1 + (scaling.stretch() - 1) * multiplier);
        return (float) (all * all / Math.sqrt(keySize));
    }

    private static float logMultiplier(ModelReader in) {
        return in.positiveOrOff("rope.scaling.yarn_log_multiplier") / CONVERTED_LOG_MULTIPLIER;
    }

    private static FeedForward feedForward(LayerReader in) {
        var metadata = in.model().metadata();
        if (in.index() < metadata.findInt(in.model().key("leading_dense_block_count"), 0)) {
            return in.gated(Activation.SILU);
        }
        int width = in.size("expert_feed_forward_length");
        return new Mixture(router(in), in.experts(Activation.SILU, width), shared(in, width));
    }

    private static Gated shared(LayerReader in, int width) {
        return in.gated(Activation.SILU, "_shexp", in.model().product(in.model().size("expert_shared_count"), width));
    }

    private static Router router(LayerReader in) {
        var model = in.model();
        var gating = switch (model.metadata().findInt(model.key("expert_gating_func"), 0)) {
            case 0, 1 -> Gating.SOFTMAX;
            case 2 -> Gating.SIGMOID;
            case 3 -> Gating.SOFTMAX_OF_CHOSEN;
            default ->
                throw model.refuse("expert_gating_func",
                        "is not supported yet; 1 (softmax), 2 (sigmoid) and 3 (softmax of the chosen) are");
        };
        float scale = model.positiveOrOff("expert_weights_scale");
        boolean normalised = model.metadata().findBool(model.key("expert_weights_norm"), false);
        var router = in.router(gating, normalised, scale == 0 ? 1 : scale);
        return router.preferring(in.findVector("exp_probs_b.bias", router.scores().rows()));
    }
}
