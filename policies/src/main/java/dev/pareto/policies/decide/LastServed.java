package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import org.jspecify.annotations.Nullable;

/**
 * Who served last, so that small differences move nobody. Called for every request: answers from memory and never blocks; what it
 * forgets costs no more than a change of model.
 */
@FunctionalInterface
public interface LastServed {

    /** Nobody was served before. */
    LastServed NONE = (route, unit) -> null;

    /** The model last chosen for the unit on the route, or for the route as a whole where nobody knows the unit; null for none. */
    @Nullable
    ModelId of(String route, String unit);
}
