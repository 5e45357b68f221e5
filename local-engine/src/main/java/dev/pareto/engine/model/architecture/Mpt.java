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

/** {@code mpt}: ALiBi in place of positions, layer norms, perhaps clamped queries, keys and values, plain GELU. */
final class Mpt {

    private Mpt() {}

    static Blueprint read(ModelReader in) {
        return in.blueprint(in.layers(Mpt::layer), in.embedding(), in.centred("output_norm"), in.output());
    }

    private static Layer layer(LayerReader in) {
        var heads = in.heads();
        return new Layer(new Sequential(in.centred("attn_norm"), in.centred("ffn_norm")),
                new Grouped(heads, in.inputs(heads).clamped(in.clamp()),
                        Position.Slopes.of(heads.queries(), in.model().positive("attention.max_alibi_bias", 8)),
                        Look.scaled(heads.usualScale()), in.attentionOutput(heads)),
                in.plain(Activation.GELU));
    }
}
