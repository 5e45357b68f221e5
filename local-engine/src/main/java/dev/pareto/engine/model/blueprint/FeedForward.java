package dev.pareto.engine.model.blueprint;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** The half of a layer that treats every token by itself. */
public sealed interface FeedForward {

    /** {@code down(activation(gate(x)) * up(x))}. */
    record Gated(Activation activation, Projection gate, Projection up, Projection down) implements FeedForward {}

    /** {@code down(activation(up(x)))}. */
    record Plain(Activation activation, Projection up, Projection down) implements FeedForward {}

    /**
     * A few of many blocks for each token, their results weighed and summed, and perhaps one for all tokens.
     *
     * @param experts all with the same activation and sizes
     * @param shared added for every token, or null
     */
    record Mixture(Router router, List<Gated> experts, @Nullable Gated shared) implements FeedForward {

        /** Copies the experts. */
        public Mixture {
            experts = List.copyOf(experts);
        }
    }

    /**
     * Chooses experts and weighs them.
     *
     * @param scores one for each expert
     * @param gating from scores to weights
     * @param preference added to the weights for the choice only, or null
     * @param used experts of each token
     * @param groups experts are chosen from the best of these equal runs of experts; 1 for no such bound
     * @param groupsUsed how many runs
     * @param normalised whether the chosen experts' weights are made to sum to 1
     * @param scale of the weights at last
     */
    @SuppressWarnings("ArrayRecordComponent") // weights, never compared
    record Router(Projection scores, Gating gating, float @Nullable [] preference, int used, int groups, int groupsUsed,
            boolean normalised, float scale) {

        /** The same with a preference. */
        public Router preferring(float @Nullable [] perExpert) {
            return new Router(scores, gating, perExpert, used, groups, groupsUsed, normalised, scale);
        }
    }

    /** From scores of experts to weights. */
    enum Gating {
        /** Softmax over all experts. */
        SOFTMAX,
        /** The logistic of each. */
        SIGMOID,
        /** Softmax over the chosen experts. */
        SOFTMAX_OF_CHOSEN
    }
}
