package dev.pareto.policies.experiment;

import dev.pareto.policies.catalog.ModelId;
import org.jspecify.annotations.Nullable;

/**
 * One way of answering that an experiment compares. An arm that names nothing is the route as it is.
 *
 * @param model the candidate that answers first where the swap's gate and every constraint let it; null for the route's own choice
 * @param policy applied as well as the route's own, as if the caller had asked for it; null for none
 * @param system what replaces the request's system prompt; null to leave it as it is
 * @param weight its share of the experiment's traffic, above 0
 */
public record Arm(String name, @Nullable ModelId model, @Nullable String policy, @Nullable String system,
        double weight) {

    private static final int MOST_CHARACTERS = 20_000;

    public Arm {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,39}")) {
            throw new IllegalArgumentException(
                    "an arm's name has 1 to 40 letters, digits, dots or dashes, not '" + name + "'");
        }
        if (!(weight > 0 && weight <= 1)) {
            throw new IllegalArgumentException("the weight of arm " + name + " must be above 0 % and at most 100 %");
        }
        if (system != null && (system.isBlank() || system.length() > MOST_CHARACTERS)) {
            throw new IllegalArgumentException(
                    "the system prompt of arm " + name + " must have 1 to " + MOST_CHARACTERS + " characters");
        }
    }
}
