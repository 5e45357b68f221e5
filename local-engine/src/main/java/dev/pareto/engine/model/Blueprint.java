package dev.pareto.engine.model;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.tensor.WeightMatrix;

/**
 * What an architecture's file says of a model, as parts that the decoder knows how to run.
 *
 * @param shape the sizes
 * @param rope position embedding of queries and keys
 * @param epsilon of every norm
 * @param attentionScale factor of query-key products
 * @param embedding {@code [vocabulary][embedding]}
 * @param layers in order
 * @param outputNorm before the output
 * @param output {@code [vocabulary][embedding]}, the embedding itself if tied
 */
@SuppressWarnings("ArrayRecordComponent") // weights, never compared
record Blueprint(ModelShape shape, Rope rope, float epsilon, float attentionScale, WeightMatrix embedding,
        List<Layer> layers, float[] outputNorm, WeightMatrix output) {

    Blueprint {
        layers = List.copyOf(layers);
    }

    /** One layer: {@code x += attention(norm(x)); x += feedForward(norm(x))}. */
    record Layer(float[] attentionNorm, Attention attention, float[] feedForwardNorm, FeedForward feedForward) {}

    /** Projections of attention; biases are null where there are none. */
    record Attention(Projection query, Projection key, Projection value, Projection output) {}

    /** {@code down(silu(gate(x)) * up(x))}. */
    record FeedForward(Projection gate, Projection up, Projection down) {}

    /** A matrix and perhaps a bias. */
    record Projection(WeightMatrix weight, float @Nullable [] bias) {}
}
