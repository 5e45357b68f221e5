package dev.pareto.engine.model.blueprint;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.tensor.WeightMatrix;

/**
 * A whole model as parts that the decoder knows how to run. A model without an output is an encoder: it reads a text
 * whole, in both directions, and ends with states.
 *
 * @param architecture as GGUF names it
 * @param contextLength tokens that the model was trained to see at once
 * @param embedding of tokens
 * @param layers in order
 * @param outputNorm before the output, or null where the layers end normed
 * @param output to logits, or null in an encoder
 * @param readout from states to embeddings and scores
 * @param parameters weights in all, a tied output counted once
 * @param weightBytes of all weights in the file
 */
public record Blueprint(String architecture, int contextLength, Embedding embedding, List<Layer> layers,
        @Nullable Norm outputNorm, @Nullable Output output, Readout readout, long parameters, long weightBytes) {

    /** Copies the layers. */
    public Blueprint {
        layers = List.copyOf(layers);
    }

    /** Whether the model only reads. */
    public boolean encodes() {
        return output == null;
    }

    /** The same with a classifier, if there is one, whose scores are made to sum to 1. */
    public Blueprint withShares() {
        return new Blueprint(architecture, contextLength, embedding, layers, outputNorm, output, readout.withShares(),
                parameters, weightBytes);
    }

    /**
     * {@code state = norm(scale * tokens[id] + positions[position] + segments[segment])}.
     *
     * @param tokens {@code [vocabulary][embedding]}
     * @param positions learned positions {@code [contextLength][embedding]}, or null where attention marks them
     * @param segments a row for the first and perhaps one for the second of two texts that are read together, or null
     * @param norm of the sum, or null
     */
    public record Embedding(WeightMatrix tokens, @Nullable WeightMatrix positions, float scale,
            @Nullable WeightMatrix segments, @Nullable Norm norm) {

        /** Tokens alone. */
        public Embedding(WeightMatrix tokens) {
            this(tokens, null, 1, null, null);
        }

        /** The same with rows that are multiplied first. */
        public Embedding scaled(float factor) {
            return new Embedding(tokens, positions, factor, segments, norm);
        }

        /** The same with learned positions. */
        public Embedding positioned(WeightMatrix table) {
            return new Embedding(tokens, table, scale, segments, norm);
        }

        /** The same with rows that tell two texts apart. */
        public Embedding segmented(WeightMatrix table) {
            return new Embedding(tokens, positions, scale, table, norm);
        }

        /** The same with a norm of the sum. */
        public Embedding normed(Norm ofSum) {
            return new Embedding(tokens, positions, scale, segments, ofSum);
        }
    }

    /**
     * @param projection its weights are {@code [vocabulary][embedding]}, those of the embedding if tied
     * @param softCap logits become {@code softCap * tanh(logits / softCap)}; 0 for none
     */
    public record Output(Projection projection, float softCap) {

        /** The same with capped logits. */
        public Output softCapped(float cap) {
            return new Output(projection, cap);
        }
    }

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

        /** {@code x = a(x + attention(x)); x = f(x + feedForward(x))}, as the first transformers had it. */
        record PostNormed(Norm afterAttention, Norm afterFeedForward) implements Residual {}
    }
}
