package dev.pareto.policies.decide;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A rule that had a part in a decision.
 *
 * @param owner the route's or policy's name
 * @param number of the rule among its owner's, from 1
 * @param condition as it is written
 * @param failure why it could not be evaluated, so that it did not apply; null where it held
 */
public record RuleTrace(String owner, int number, String condition, @Nullable String failure) {

    public RuleTrace {
        requireNonNull(owner, "owner is null");
        requireNonNull(condition, "condition is null");
    }

    /** {@code rule 2 of support}. */
    public String name() {
        return "rule " + number + " of " + owner;
    }
}
