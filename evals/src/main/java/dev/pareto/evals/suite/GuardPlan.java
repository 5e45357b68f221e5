package dev.pareto.evals.suite;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A condition that a candidate must meet besides quality. Limits that are null are not set; at least one is.
 *
 * @param metric {@code format.fail}, {@code truncation}, {@code refusal}, {@code grader.ID.fail}, {@code latency.p95_ms} or
 *            {@code cost_per_success}
 * @param max largest acceptable value of a latency, by its upper confidence limit; of failures, how many there may be
 * @param maxRatio largest acceptable ratio candidate to incumbent, by its upper confidence limit
 * @param nonInferiorityMargin how much more often than the incumbent the candidate may fail
 * @param ceiling largest acceptable failure rate, by its upper confidence limit
 */
public record GuardPlan(String metric, @Nullable Double max, @Nullable Double maxRatio,
        @Nullable Double nonInferiorityMargin, @Nullable Double ceiling) {

    /** Refuses a guard without a limit. */
    public GuardPlan {
        requireNonNull(metric, "metric is null");
        if (max == null && maxRatio == null && nonInferiorityMargin == null && ceiling == null) {
            throw new IllegalArgumentException("guard '" + metric + "' has no limit");
        }
    }
}
