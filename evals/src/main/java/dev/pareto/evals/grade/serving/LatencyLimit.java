package dev.pareto.evals.grade.serving;

import java.time.Duration;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.Grader;
import dev.pareto.evals.grade.Submission;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The whole answer must have come within the limit.
 *
 * @param limit most time
 */
public record LatencyLimit(Duration limit) implements Grader {

    /** Checks the limit. */
    public LatencyLimit {
        if (!limit.isPositive()) {
            throw new IllegalArgumentException("the limit is not positive");
        }
    }

    @Override
    public Grade grade(Submission submission) {
        Duration latency = submission.latency();
        return latency == null
                ? Grade.none("the latency is unknown, or a cache's")
                : Grade.of(latency.compareTo(limit) <= 0, "took " + latency.toMillis() + " ms");
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return null;
    }
}
