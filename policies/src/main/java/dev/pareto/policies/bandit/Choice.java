package dev.pareto.policies.bandit;

import dev.pareto.policies.catalog.ModelId;
import java.util.Map;

/** What the bandit says of a request. */
public sealed interface Choice {

    /**
     * A model was chosen.
     *
     * @param propensity with which this model was to be chosen for this request, and for a unit that stays with its model the one
     *            at its first request: then all its requests count as one draw
     * @param propensities of every model that could be chosen; they sum to 1
     * @param worth of the model by the plan's weights
     * @param lower bound of its probability of a good answer; what the floor is held against
     */
    record Chosen(ModelId model, double propensity, Map<ModelId, Double> propensities, Why why, double worth,
            double lower) implements Choice {

        public Chosen {
            propensities = Map.copyOf(propensities);
        }
    }

    /** Nothing that could be chosen fits into what is left of the budget. */
    record BudgetSpent(String left) implements Choice {}

    /** No model may serve. */
    record Nothing() implements Choice {}

    /** Why a model was chosen. */
    enum Why {
        /** Worth most. */
        BEST,
        /** The unit's model of before. */
        STAYS,
        /** Drawn, to learn. */
        EXPLORED,
        /** Suspended, asked whether it has recovered. */
        PROBED,
        /** New, in its trials. */
        TRIED
    }
}
