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
 * {@code llama}: Llama 2, 3 and 3.1 to 3.3, Yi, Mistral, Mixtral, distillations on them. Grouped attention, RMS norms,
 * SwiGLU or a mixture of such, neighbouring RoPE pairs. Mistral's sliding window is ignored, as in llama.cpp.
 */
final class Llama {

    private Llama() {}

    static Blueprint read(ModelReader in) {
        return in.blueprint(in.layers(Llama::layer), in.embedding(), in.rms("output_norm"), in.output());
    }

    private static Layer layer(LayerReader in) {
        var heads = in.heads();
        return new Layer(new Sequential(in.rms("attn_norm"), in.rms("ffn_norm")),
                new Grouped(heads, in.inputs(heads), in.rope(heads, Pairing.NEIGHBOURS),
                        Look.scaled(heads.usualScale()), in.attentionOutput(heads)),
                in.hasExperts()
                        ? new Mixture(in.router(Gating.SOFTMAX, true, 1),
                                in.experts(Activation.SILU, in.size("feed_forward_length")), null)
                        : in.gated(Activation.SILU));
    }
}
