package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a decision ends. */
public sealed interface Outcome {

    /**
     * A model serves the request.
     *
     * @param model the chosen one
     * @param fallbacks the models to try next, in order, should attempts fail; each may serve this request
     * @param relaxed the constraint that nobody could meet and that was let go; null when all are met
     */
    record Chosen(ModelId model, List<ModelId> fallbacks, @Nullable String relaxed) implements Outcome {

        public Chosen {
            fallbacks = List.copyOf(fallbacks);
        }
    }

    /**
     * No model may serve the request.
     *
     * @param bindingConstraint what stands in the way
     * @param nearestRelaxation the least change that would admit a model, for people
     */
    record Infeasible(String bindingConstraint, String nearestRelaxation) implements Outcome {}

    /**
     * The caller's model is neither a route nor a model of the catalogue.
     *
     * @param requested what the caller wrote
     * @param suggestion what was probably meant; may be empty
     */
    record UnknownModel(String requested, String suggestion) implements Outcome {}

    /**
     * The request names a policy that does not exist.
     *
     * @param requested what the caller wrote
     * @param suggestion what was probably meant; may be empty
     */
    record UnknownPolicy(String requested, String suggestion) implements Outcome {}
}
