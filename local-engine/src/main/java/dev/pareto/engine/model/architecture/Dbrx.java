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

/** {@code dbrx}: layer norms without bias, clamped queries, keys and values, a mixture in every layer. */
final class Dbrx {

    private Dbrx() {}

    static Blueprint read(ModelReader in) {
        return in.blueprint(in.layers(Dbrx::layer), in.embedding(), in.centred("output_norm"), in.output());
    }

    private static Layer layer(LayerReader in) {
        var heads = in.heads();
        return new Layer(new Sequential(in.centred("attn_norm"), in.centred("attn_output_norm")),
                new Grouped(heads, in.inputs(heads).clamped(in.clamp()), in.rope(heads, Pairing.HALVES),
                        Look.scaled(heads.usualScale()), in.attentionOutput(heads)),
                new Mixture(in.router(Gating.SOFTMAX, true, 1),
                        in.experts(Activation.SILU, in.size("feed_forward_length")), null));
    }
}
