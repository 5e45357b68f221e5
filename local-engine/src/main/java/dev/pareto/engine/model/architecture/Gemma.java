package dev.pareto.engine.model.architecture;

import java.util.function.Function;

import dev.pareto.engine.model.blueprint.Activation;
import dev.pareto.engine.model.blueprint.Attention.Grouped;
import dev.pareto.engine.model.blueprint.Attention.Heads;
import dev.pareto.engine.model.blueprint.Attention.Look;
import dev.pareto.engine.model.blueprint.Blueprint;
import dev.pareto.engine.model.blueprint.Blueprint.Layer;
import dev.pareto.engine.model.blueprint.Blueprint.Residual.Sequential;
import dev.pareto.engine.model.blueprint.LayerReader;
import dev.pareto.engine.model.blueprint.ModelReader;
import dev.pareto.engine.model.blueprint.Rope.Pairing;
import dev.pareto.engine.model.blueprint.RopeReader;

/**
 * {@code gemma2} and {@code gemma3}: embeddings scaled by the root of their length, norms before and after each half,
 * GELU, and windows in most layers. Gemma 2 caps scores and logits; Gemma 3 has norms of queries and keys instead, and
 * its layers with a window turn by a base of their own. The file's norm weights have their 1 added already.
 */
final class Gemma {

    private static final int LAYERS_OF_GEMMA2_27B = 46;
    private static final int LAYERS_OF_GEMMA3_27B = 62;
    private static final int PATTERN_OF_GEMMA2 = 2;
    private static final int PATTERN_OF_GEMMA3 = 6;
    private static final float SCORE_CAP_OF_GEMMA2 = 50;
    private static final float LOGIT_CAP_OF_GEMMA2 = 30;

    private Gemma() {}

    static Blueprint read2(ModelReader in) {
        return read(in, Gemma::layer2, LOGIT_CAP_OF_GEMMA2);
    }

    static Blueprint read3(ModelReader in) {
        return read(in, Gemma::layer3, 0);
    }

    private static Blueprint read(ModelReader in, Function<LayerReader, Layer> layer, float usualCap) {
        var layers = in.layers(layer);
        return in.blueprint(layers, in.embedding().scaled((float) Math.sqrt(in.size("embedding_length"))),
                in.rms("output_norm"), in.output().softCapped(in.positiveOrOff("final_logit_softcapping", usualCap)));
    }

    private static Layer layer2(LayerReader in) {
        var heads = in.heads();
        var look = Look.scaled(scale(in, heads, LAYERS_OF_GEMMA2_27B))
                .softCapped(in.model().positiveOrOff("attn_logit_softcapping", SCORE_CAP_OF_GEMMA2));
        boolean local = in.local(PATTERN_OF_GEMMA2);
        var inputs = in.inputs(heads);
        return layer(in, new Grouped(heads, inputs,
                local ? in.localRope(heads, Pairing.HALVES) : in.rope(heads, Pairing.HALVES),
                local ? look.windowed(in.size("attention.sliding_window", 4096)) : look, in.attentionOutput(heads)));
    }

    private static Layer layer3(LayerReader in) {
        var heads = in.heads();
        var look = Look.scaled(scale(in, heads, LAYERS_OF_GEMMA3_27B));
        int window = in.model().metadata().findInt(in.model().key("attention.sliding_window"), 0);
        boolean local = window > 0 && in.local(PATTERN_OF_GEMMA3);
        var inputs = in.normedInputs(heads);
        return layer(in, new Grouped(heads, inputs,
                local
                        ? RopeReader.unscaledLocal(in.model(), heads.keySize(), Pairing.HALVES)
                        : in.rope(heads, Pairing.HALVES),
                local ? look.windowed(window) : look, in.attentionOutput(heads)));
    }

    private static Layer layer(LayerReader in, Grouped attention) {
        return new Layer(
                new Sequential(in.rms("attn_norm"), in.rms("post_attention_norm"), in.rms("ffn_norm"),
                        in.rms("post_ffw_norm")),
                attention, in.gated(Activation.GELU));
    }

    /** The 27B models are scaled by the embedding's share of a head, a whole number, in place of the head's size. */
    private static float scale(LayerReader in, Heads heads, int layersOf27B) {
        return in.model().size("block_count") == layersOf27B
                ? (float) (1 / Math.sqrt(Math.max(1, in.model().size("embedding_length") / heads.queries())))
                : heads.usualScale();
    }
}
