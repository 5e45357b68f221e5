package dev.pareto.proxy.swap;

import java.util.ArrayList;
import java.util.List;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.Assessment;
import dev.pareto.policies.decide.Decision;
import dev.pareto.policies.decide.Outcome;
import dev.pareto.policies.decide.Stake;

import org.jspecify.annotations.Nullable;

/**
 * A request's parts in swaps, as decided.
 *
 * @param stakes one for each candidate of a swap; empty for most requests
 * @param chosen the model that was to answer it; null where the caller forced one, for then nobody was assigned
 * @param baseline the closed model; null when there is none
 * @param unit whom the assignment followed
 * @param steered whether an experiment, and not the share, decided; the share is then not held to account for who got what
 * @param localOnly whether nobody else may read it, a judge neither
 */
public record Enrolment(List<Stake> stakes, @Nullable ModelId chosen, @Nullable ModelId baseline, String unit,
        boolean steered, boolean localOnly) {

    public Enrolment {
        stakes = List.copyOf(stakes);
    }

    /**
     * @param forced whether the caller named the model
     * @param steered whether an experiment named it or its policy
     */
    public static Enrolment of(Decision decision, boolean forced, String unit, boolean steered, boolean localOnly) {
        List<Stake> stakes = new ArrayList<>();
        for (Assessment candidate : decision.assessments()) {
            if (candidate.stake() != null) {
                stakes.add(candidate.stake());
            }
        }
        ModelId chosen = !forced && decision.outcome() instanceof Outcome.Chosen it ? it.model() : null;
        return new Enrolment(stakes, chosen, decision.baseline(), unit, steered, localOnly);
    }
}
