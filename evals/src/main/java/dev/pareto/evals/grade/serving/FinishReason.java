package dev.pareto.evals.grade.serving;

import java.util.Set;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.Grader;
import dev.pareto.evals.grade.Submission;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The answer must have ended for one of the reasons; a truncated one ends with "length".
 *
 * @param allowed as vendors name them
 */
public record FinishReason(Set<String> allowed) implements Grader {

    /** Copies the reasons. */
    public FinishReason {
        allowed = Set.copyOf(allowed);
        if (allowed.isEmpty()) {
            throw new IllegalArgumentException("no reason is allowed");
        }
    }

    @Override
    public Grade grade(Submission submission) {
        String reason = submission.finishReason();
        return reason == null
                ? Grade.none("the vendor did not say why the answer ended")
                : Grade.of(allowed.contains(reason), "ended by " + reason);
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return null;
    }
}
