package dev.pareto.engine.model.blueprint;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.tensor.WeightMatrix;

/** The half of a layer in which a token looks at others: those before it, in an encoder those after it too. */
public sealed interface Attention {

    /**
     * Multi-head attention whose heads of keys and values are each shared by a group of heads of queries.
     *
     * @param inputs from the state to queries, keys and values
     * @param position how queries and keys know where they stand
     * @param look how scores become weights
     * @param output from the heads' results to the state
     */
    record Grouped(Heads heads, Inputs inputs, Position position, Look look, Projection output) implements Attention {}

    /**
     * Multi-head latent attention (DeepSeek-V2, arXiv:2405.04434): keys and values of all heads come from one small
     * latent vector and one small rotated key that the heads share.
     *
     * @param heads of queries
     * @param plainSize floats of a query or key that are not rotated; the rope's dimensions follow them
     * @param valueSize floats of a value
     * @param queries {@code [head][plain, rotated]}
     * @param compress to {@code [latent, rotated key]}
     * @param latentNorm its size is that of the latent
     * @param unfolding from the latent to keys and values
     */
    record Latent(int heads, int plainSize, int valueSize, Rope rope, Queries queries, Projection compress,
            Norm latentNorm, Unfolding unfolding, Look look, Projection output) implements Attention {}

    /**
     * Numbers and sizes of heads.
     *
     * @param queries heads of queries
     * @param keyValues heads of keys and values; divides queries
     * @param keySize floats of a query or key
     * @param valueSize floats of a value
     */
    record Heads(int queries, int keyValues, int keySize, int valueSize) {

        /** What scores are usually scaled by. */
        public float usualScale() {
            return (float) (1 / Math.sqrt(keySize));
        }
    }

    /**
     * Queries, keys and values.
     *
     * @param queryNorm of each head's query before it is rotated, or null
     * @param keyNorm of each head's key before it is rotated, or null
     * @param clamp all three are held within minus and plus this; infinite for no bound
     */
    record Inputs(Projection query, Projection key, Projection value, @Nullable Norm queryNorm, @Nullable Norm keyNorm,
            float clamp) {

        /** The same with norms of the heads. */
        public Inputs normed(Norm query, Norm key) {
            return new Inputs(this.query, this.key, value, query, key, clamp);
        }

        /** The same with bounded values. */
        public Inputs clamped(float bound) {
            return new Inputs(query, key, value, queryNorm, keyNorm, bound);
        }
    }

    /**
     * From products of queries and keys to weights.
     *
     * @param scale factor of the products
     * @param softCap scaled products become {@code softCap * tanh(product / softCap)}; 0 for none
     * @param window tokens that are seen, the newest included; 0 for all
     * @param sinks for each head of queries a score that takes part in the softmax and has no value, or null
     * @param ahead whether a token also sees those after it, as in an encoder; goes without a window
     */
    @SuppressWarnings("ArrayRecordComponent") // weights, never compared
    record Look(float scale, float softCap, int window, float @Nullable [] sinks, boolean ahead) {

        /** Only a scale, the usual form. */
        public static Look scaled(float scale) {
            return new Look(scale, 0, 0, null, false);
        }

        /** The same with capped products. */
        public Look softCapped(float cap) {
            return new Look(scale, cap, window, sinks, ahead);
        }

        /** The same with a window. */
        public Look windowed(int tokens) {
            return new Look(scale, softCap, tokens, sinks, ahead);
        }

        /** The same with sinks. */
        public Look sinking(float[] perHead) {
            return new Look(scale, softCap, window, perHead, ahead);
        }

        /** The same in both directions. */
        public Look bothWays() {
            return new Look(scale, softCap, 0, sinks, true);
        }
    }

    /** How latent attention makes its queries. */
    sealed interface Queries {

        /** At once. */
        record Direct(Projection projection) implements Queries {}

        /** Through a smaller vector. */
        record LowRank(Projection down, Norm norm, Projection up) implements Queries {}
    }

    /** How latent attention gets from its latent vector to keys and values. */
    sealed interface Unfolding {

        /**
         * It does not: queries are brought into the space of latents and results out of it, so that the cache holds the
         * latent alone.
         *
         * @param keys for each head {@code [latent][plainSize]}
         * @param values for each head {@code [valueSize][latent]}
         */
        record Absorbed(List<WeightMatrix> keys, List<WeightMatrix> values) implements Unfolding {

            /** Copies the lists. */
            public Absorbed {
                keys = List.copyOf(keys);
                values = List.copyOf(values);
            }
        }

        /** It unfolds them for the cache: rows are {@code [head][plain key, value]}. */
        record Expanded(Projection keysAndValues) implements Unfolding {}
    }
}
