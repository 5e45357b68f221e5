package dev.pareto.engine.model.architecture;

import dev.pareto.engine.model.blueprint.Activation;
import dev.pareto.engine.model.blueprint.Attention.Grouped;
import dev.pareto.engine.model.blueprint.Attention.Look;
import dev.pareto.engine.model.blueprint.Blueprint;
import dev.pareto.engine.model.blueprint.Blueprint.Layer;
import dev.pareto.engine.model.blueprint.Blueprint.Residual.Parallel;
import dev.pareto.engine.model.blueprint.LayerReader;
import dev.pareto.engine.model.blueprint.ModelReader;
import dev.pareto.engine.model.blueprint.Rope.Pairing;

/**
 * {@code falcon}: both halves of a layer read the same state. In the 7B form they share a norm; in the 40B form
 * attention has {@code attn_norm_2} and {@code attn_norm} is the feed-forward's.
 */
final class Falcon {

    private Falcon() {}

    static Blueprint read(ModelReader in) {
        return in.blueprint(in.layers(Falcon::layer), in.embedding(), in.centred("output_norm"), in.output());
    }

    private static Layer layer(LayerReader in) {
        var heads = in.heads();
        return new Layer(
                in.has("attn_norm_2")
                        ? new Parallel(in.centred("attn_norm_2"), in.centred("attn_norm"))
                        : new Parallel(in.centred("attn_norm"), null),
                new Grouped(heads, in.inputs(heads), in.rope(heads, Pairing.HALVES), Look.scaled(heads.usualScale()),
                        in.attentionOutput(heads)),
                in.plain(Activation.GELU));
    }
}
