package dev.pareto.evals.grade.serving;

import static java.util.Objects.requireNonNull;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.Grader;
import dev.pareto.evals.grade.Submission;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The answer must not have cost more than the limit.
 *
 * @param limit most money
 */
public record CostLimit(Money limit) implements Grader {

    /** Checks the limit. */
    public CostLimit {
        requireNonNull(limit, "limit is null");
    }

    @Override
    public Grade grade(Submission submission) {
        Money cost = submission.cost();
        if (cost == null || !cost.currency().equals(limit.currency())) {
            return Grade.none(cost == null ? "the cost is unknown" : "the cost is in " + cost.currency());
        }
        return Grade.of(cost.compareTo(limit) <= 0, "cost " + cost.plain() + " " + cost.currency());
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return null;
    }
}
