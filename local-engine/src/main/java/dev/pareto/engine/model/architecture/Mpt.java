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

/** {@code mpt}: ALiBi or learned positions, layer norms, perhaps clamped queries, keys and values, plain GELU. */
final class Mpt {

    private Mpt() {}

    static Blueprint read(ModelReader in) {
        var layers = in.layers(Mpt::layer);
        String positions = "position_embd.weight";
        var embedding = in.has(positions)
                ? in.embedding()
                        .positioned(in.matrix(positions, in.size("context_length"), in.size("embedding_length")))
                : in.embedding();
        return in.blueprint(layers, embedding, in.centred("output_norm"), in.output());
    }

    private static Layer layer(LayerReader in) {
        var heads = in.heads();
        float slope = in.model().positiveOrOff("attention.max_alibi_bias");
        return new Layer(new Sequential(in.centred("attn_norm"), in.centred("ffn_norm")),
                new Grouped(heads, in.inputs(heads).clamped(in.clamp()),
                        slope == 0 ? new Position.Unmarked() : Position.Slopes.of(heads.queries(), slope),
                        Look.scaled(heads.usualScale()), in.attentionOutput(heads)),
                in.plain(Activation.GELU));
    }
}
