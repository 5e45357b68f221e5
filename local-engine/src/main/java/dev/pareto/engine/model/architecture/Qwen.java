package dev.pareto.engine.model.architecture;

import dev.pareto.engine.model.blueprint.Activation;
import dev.pareto.engine.model.blueprint.Attention.Grouped;
import dev.pareto.engine.model.blueprint.Attention.Look;
import dev.pareto.engine.model.blueprint.Blueprint;
import dev.pareto.engine.model.blueprint.Blueprint.Layer;
import dev.pareto.engine.model.blueprint.Blueprint.Residual.Sequential;
import dev.pareto.engine.model.blueprint.FeedForward.Gating;
import dev.pareto.engine.model.blueprint.FeedForward.Mixture;
import dev.pareto.engine.model.blueprint.LayerReader;
import dev.pareto.engine.model.blueprint.ModelReader;
import dev.pareto.engine.model.blueprint.Rope.Pairing;

/**
 * {@code qwen2} (biases on queries, keys and values), {@code qwen3} (norms of each head's query and key instead) and
 * {@code qwen3moe} (a mixture besides).
 */
final class Qwen {

    private Qwen() {}

    static Blueprint read(ModelReader in) {
        var whole = in.blueprint(in.layers(Qwen::layer), in.embedding(), in.rms("output_norm"), in.output());
        // Qwen3-Reranker keeps the rows of "yes" and "no" of its output as a classifier; its score is the share of "yes".
        return whole.architecture().equals("qwen3") ? whole.withShares() : whole;
    }

    private static Layer layer(LayerReader in) {
        var heads = in.heads();
        return new Layer(new Sequential(in.rms("attn_norm"), in.rms("ffn_norm")),
                new Grouped(heads, in.has("attn_q_norm") ? in.normedInputs(heads) : in.inputs(heads),
                        in.rope(heads, Pairing.HALVES), Look.scaled(heads.usualScale()), in.attentionOutput(heads)),
                in.hasExperts()
                        ? new Mixture(in.router(Gating.SOFTMAX, true, 1),
                                in.experts(Activation.SILU, expertWidth(in)), null)
                        : in.gated(Activation.SILU));
    }

    /** Where the file names no width of an expert, the experts of a token share that of the whole block. */
    private static int expertWidth(LayerReader in) {
        String key = "expert_feed_forward_length";
        return in.model().metadata().contains(in.model().key(key))
                ? in.size(key)
                : Math.max(1, in.size("feed_forward_length") / in.size("expert_used_count"));
    }
}
