package dev.pareto.engine.model.architecture;

import dev.pareto.engine.model.blueprint.Activation;
import dev.pareto.engine.model.blueprint.Attention.Grouped;
import dev.pareto.engine.model.blueprint.Attention.Look;
import dev.pareto.engine.model.blueprint.Blueprint;
import dev.pareto.engine.model.blueprint.Blueprint.Layer;
import dev.pareto.engine.model.blueprint.Blueprint.Residual.Sequential;
import dev.pareto.engine.model.blueprint.LayerReader;
import dev.pareto.engine.model.blueprint.ModelReader;
import dev.pareto.engine.model.blueprint.Rope.Pairing;

/** {@code openelm}: every layer has its own number of heads and width; norms of each head's query and key. */
final class OpenElm {

    private OpenElm() {}

    static Blueprint read(ModelReader in) {
        return in.blueprint(in.layers(OpenElm::layer), in.embedding(), in.rms("output_norm"), in.output());
    }

    private static Layer layer(LayerReader in) {
        var heads = in.heads();
        return new Layer(new Sequential(in.rms("attn_norm"), in.rms("ffn_norm")),
                new Grouped(heads, in.normedInputs(heads), in.rope(heads, Pairing.HALVES),
                        Look.scaled(heads.usualScale()), in.attentionOutput(heads)),
                in.gated(Activation.SILU));
    }
}
