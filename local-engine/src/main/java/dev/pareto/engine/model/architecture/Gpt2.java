package dev.pareto.engine.model.architecture;

import dev.pareto.engine.model.blueprint.Activation;
import dev.pareto.engine.model.blueprint.Attention.Grouped;
import dev.pareto.engine.model.blueprint.Attention.Look;
import dev.pareto.engine.model.blueprint.Blueprint;
import dev.pareto.engine.model.blueprint.Blueprint.Layer;
import dev.pareto.engine.model.blueprint.Blueprint.Residual.Sequential;
import dev.pareto.engine.model.blueprint.LayerReader;
import dev.pareto.engine.model.blueprint.ModelReader;
import dev.pareto.engine.model.blueprint.Position;

/** {@code gpt2}: learned positions, layer norms, plain GELU, biases everywhere. */
final class Gpt2 {

    private Gpt2() {}

    static Blueprint read(ModelReader in) {
        var layers = in.layers(Gpt2::layer);
        var positions = in.matrix("position_embd.weight", in.size("context_length"), in.size("embedding_length"));
        return in.blueprint(layers, in.embedding().positioned(positions), in.centred("output_norm"), in.output());
    }

    private static Layer layer(LayerReader in) {
        var heads = in.heads();
        return new Layer(new Sequential(in.centred("attn_norm"), in.centred("ffn_norm")),
                new Grouped(heads, in.inputs(heads), new Position.Unmarked(), Look.scaled(heads.usualScale()),
                        in.attentionOutput(heads)),
                in.plain(Activation.GELU));
    }
}
