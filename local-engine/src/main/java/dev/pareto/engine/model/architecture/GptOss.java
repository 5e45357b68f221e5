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
 * {@code gpt-oss}: attention sinks, a window in every other layer from the first on, biases everywhere, a mixture of
 * clamped SwiGLU whose weights are the softmax of the chosen experts' scores.
 */
final class GptOss {

    private GptOss() {}

    static Blueprint read(ModelReader in) {
        return in.blueprint(in.layers(GptOss::layer), in.embedding(), in.rms("output_norm"), in.output());
    }

    private static Layer layer(LayerReader in) {
        var heads = in.heads();
        var inputs = in.inputs(heads);
        boolean local = in.local(2);
        var look = Look.scaled(heads.usualScale()).sinking(in.vector("attn_sinks.weight", heads.queries()));
        return new Layer(new Sequential(in.rms("attn_norm"), in.rms("post_attention_norm")),
                new Grouped(heads, inputs, local ? in.localRope(heads, Pairing.HALVES) : in.rope(heads, Pairing.HALVES),
                        local ? look.windowed(in.model().size("attention.sliding_window")) : look,
                        in.attentionOutput(heads)),
                new Mixture(
                        in.router(Gating.SOFTMAX_OF_CHOSEN, false, 1),
                        in.experts(Activation.CLAMPED_SILU, in.size("expert_feed_forward_length")), null));
    }
}
