package dev.pareto.evals.suite;

import java.util.Map;

/**
 * How items depend on each other. Confusing clusters with strata can be off by an order of magnitude, so the suite
 * must say which it has.
 */
public sealed interface Grouping {

    /** Items are independent draws. */
    record None() implements Grouping {}

    /** Items of one cluster were sampled together and are alike. */
    record Clusters() implements Grouping {}

    /**
     * Items fall into fixed categories whose shares are chosen.
     *
     * @param weights share of each stratum; empty to weigh by number of items
     */
    record Strata(Map<String, Double> weights) implements Grouping {

        /** Copies the weights. */
        public Strata {
            weights = Map.copyOf(weights);
        }
    }
}
