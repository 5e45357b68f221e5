package dev.pareto.engine.model.blueprint;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.tensor.WeightMatrix;

/**
 * A whole model as parts that the decoder knows how to run.
 *
 * @param architecture as GGUF names it
 * @param contextLength tokens that the model was trained to see at once
 * @param embedding of tokens
 * @param layers in order
 * @param outputNorm before the output
 * @param output to logits
 * @param parameters weights in all, a tied output counted once
 * @param weightBytes of all weights in the file
 */
public record Blueprint(String architecture, int contextLength, Embedding embedding, List<Layer> layers,
        Norm outputNorm, Output output, long parameters, long weightBytes) {

    /** Copies the layers. */
    public Blueprint {
        layers = List.copyOf(layers);
    }

    /**
     * {@code state = scale * tokens[id] + positions[position]}.
     *
     * @param tokens {@code [vocabulary][embedding]}
     * @param positions learned positions {@code [contextLength][embedding]}, or null where attention marks them
     */
    public record Embedding(WeightMatrix tokens, @Nullable WeightMatrix positions, float scale) {

        /** The same with rows that are multiplied first. */
        public Embedding scaled(float factor) {
            return new Embedding(tokens, positions, factor);
        }

        /** The same with learned positions. */
        public Embedding positioned(WeightMatrix table) {
            return new Embedding(tokens, table, scale);
        }
    }

    /**
     * @param weights {@code [vocabulary][embedding]}, those of the embedding if tied
     * @param softCap logits become {@code softCap * tanh(logits / softCap)}; 0 for none
     */
    public record Output(WeightMatrix weights, float softCap) {}

    /** One layer: how its two halves are joined to the state, and the halves. */
    public record Layer(Residual residual, Attention attention, FeedForward feedForward) {}

    /** How a layer's halves read the state and add to it. */
    public sealed interface Residual {

        /**
         * {@code x += after(attention(before(x))); x += after(feedForward(before(x)))}; norms after are null where there
         * are none.
         */
        record Sequential(Norm beforeAttention, @Nullable Norm afterAttention, Norm beforeFeedForward,
                @Nullable Norm afterFeedForward) implements Residual {

            /** Without norms after the halves, the usual form. */
            public Sequential(Norm beforeAttention, Norm beforeFeedForward) {
                this(beforeAttention, null, beforeFeedForward, null);
            }
        }

        /**
         * {@code x += attention(a(x)) + feedForward(f(x))}.
         *
         * @param beforeFeedForward null where both halves read the same normed state
         */
        record Parallel(Norm beforeAttention, @Nullable Norm beforeFeedForward) implements Residual {}
    }
}
