package dev.pareto.engine.model.architecture;

import java.util.function.Function;

import dev.pareto.engine.model.blueprint.Activation;
import dev.pareto.engine.model.blueprint.Attention.Grouped;
import dev.pareto.engine.model.blueprint.Attention.Heads;
import dev.pareto.engine.model.blueprint.Attention.Look;
import dev.pareto.engine.model.blueprint.Blueprint;
import dev.pareto.engine.model.blueprint.Blueprint.Layer;
import dev.pareto.engine.model.blueprint.Blueprint.Residual.PostNormed;
import dev.pareto.engine.model.blueprint.FeedForward;
import dev.pareto.engine.model.blueprint.LayerReader;
import dev.pareto.engine.model.blueprint.ModelReader;
import dev.pareto.engine.model.blueprint.Position;
import dev.pareto.engine.model.blueprint.Position.Slopes;
import dev.pareto.engine.model.blueprint.Position.Unmarked;
import dev.pareto.engine.model.blueprint.Rope.Pairing;

/**
 * The encoders that read in both directions and norm after each half: {@code bert} (learned positions, plain GELU; also
 * RoBERTa and XLM-R), {@code nomic-bert} (RoPE, gated SiLU) and {@code jina-bert-v2} (ALiBi, gated GELU, often in one
 * matrix).
 */
final class Bert {

    private static final float MAX_SLOPE_BIAS = 8;

    private Bert() {}

    static Blueprint read(ModelReader in) {
        var layers = in.layers(layer -> layer(layer, _ -> new Unmarked(), layer.plain(Activation.GELU)));
        var positions = in.matrix("position_embd.weight", in.size("context_length"), in.size("embedding_length"));
        return in.encoder(layers, in.encoderEmbedding().positioned(positions));
    }

    static Blueprint readNomic(ModelReader in) {
        return in.encoder(in.layers(layer -> layer(layer, heads -> layer.rope(heads, Pairing.HALVES),
                layer.gated(Activation.SILU))), in.encoderEmbedding());
    }

    static Blueprint readJina(ModelReader in) {
        return in.encoder(in.layers(layer -> layer(layer, heads -> Slopes.of(heads.queries(), MAX_SLOPE_BIAS),
                layer.has("ffn_gate") ? layer.gated(Activation.GELU) : layer.fusedGated(Activation.GELU))),
                in.encoderEmbedding());
    }

    private static Layer layer(LayerReader in, Function<Heads, Position> position, FeedForward feedForward) {
        var heads = in.heads();
        var inputs = in.inputs(heads);
        return new Layer(new PostNormed(in.centred("attn_output_norm"), in.centred("layer_output_norm")),
                new Grouped(heads, inputs, position.apply(heads), Look.scaled(heads.usualScale()).bothWays(),
                        in.attentionOutput(heads)),
                feedForward);
    }
}
