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

/**
 * {@code phi3}: Phi-3, 3.5 and 4. Queries, keys and values in one matrix, gate and up in another; LongRoPE, whose long
 * factors a sequence takes when its cache may outgrow the first training. The sliding window that some files name is
 * ignored, as in llama.cpp.
 */
final class Phi3 {

    private Phi3() {}

    static Blueprint read(ModelReader in) {
        return in.blueprint(in.layers(Phi3::layer), in.embedding(), in.rms("output_norm"), in.output());
    }

    private static Layer layer(LayerReader in) {
        var heads = in.heads();
        return new Layer(new Sequential(in.rms("attn_norm"), in.rms("ffn_norm")),
                new Grouped(heads, in.inputs(heads), in.rope(heads, Pairing.HALVES), Look.scaled(heads.usualScale()),
                        in.attentionOutput(heads)),
                in.fusedGated(Activation.SILU));
    }
}
