package dev.pareto.policies.decide;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How chance had a part in who serves: what a later estimate of another policy rests on.
 *
 * @param why e.g. {@code BEST} or {@code EXPLORED}
 * @param propensities with which each model was to be chosen, given what gate and constraints let in; they sum to 1
 * @param lower bound of the chosen model's probability of a good answer, by the labels so far
 */
public record Draw(String why, Map<ModelId, Double> propensities, double lower) {

    public Draw {
        requireNonNull(why, "why is null");
        propensities = Collections.unmodifiableMap(new LinkedHashMap<>(propensities));
    }
}
