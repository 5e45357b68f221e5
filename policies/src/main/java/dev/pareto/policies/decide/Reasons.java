package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.Catalogue;
import dev.pareto.policies.policy.Objective;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.price.Money;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in one line why a decision fell as it did. */
final class Reasons {

    /** First in the line, for names can be long and lines are cut. */
    private static final String UNLISTED = "not in the catalogue, unpriced: ";

    private Reasons() {}

    static String of(Outcome outcome, Route route, @Nullable Policy policy, List<Assessment> assessments,
            Comparator<Assessment> better, Catalogue catalogue) {
        return switch (outcome) {
            case Outcome.Chosen chosen -> (catalogue.find(chosen.model()).isPresent() ? "" : UNLISTED)
                    + chosen(chosen, route, policy, assessments, better);
            case Outcome.Infeasible none -> "infeasible: " + none.bindingConstraint() + "; " + none.nearestRelaxation();
            case Outcome.UnknownModel unknown -> "no route or model '" + unknown.requested() + "'";
            case Outcome.UnknownPolicy unknown -> "no policy '" + unknown.requested() + "'";
        };
    }

    private static String chosen(Outcome.Chosen chosen, Route route, @Nullable Policy policy,
            List<Assessment> assessments, Comparator<Assessment> better) {
        Assessment winner = find(assessments, chosen);
        String name = chosen.model() + ": ";
        if (chosen.relaxed() != null) {
            return name + "closest to " + (policy == null ? "what was asked" : policy.name()) + " (" + chosen.relaxed()
                    + ")";
        }
        boolean fallback = !route.candidates().contains(winner.model());
        Assessment rival = assessments.stream()
                .filter(other -> !other.equals(winner) && !other.feasible())
                .filter(other -> fallback || better.compare(other, winner) < 0 || (other.open() && !winner.open()))
                .min(better)
                .orElse(null);
        if (rival != null) {
            return name + whyNot(rival);
        }
        if (!route.declared()) {
            return name + "asked for by name";
        }
        if (policy == null) {
            boolean swapped = winner.stake() != null && winner.stake().takesOver();
            return name + (swapped
                    ? "its swap serves " + Words.share(winner.share()) + " of "
                    : assessments.size() == 1 ? "only candidate of " : "first candidate that may serve ")
                    + route.name()
                    + details(winner, assessments);
        }
        return name + PolicyEngine.superlative(policy.objective()) + " that meets " + policy.name()
                + details(winner, assessments) + hint(policy, winner);
    }

    private static String whyNot(Assessment rival) {
        if (!rival.refusals().isEmpty()) {
            return rival.refusals().getFirst();
        }
        return rival.model() + " misses " + rival.violations().getFirst().relaxation();
    }

    /** The evidence the winner rests on, and what it costs against the baseline. */
    private static String details(Assessment winner, List<Assessment> assessments) {
        List<String> parts = new ArrayList<>();
        if (winner.evidence() != null) {
            parts.add(Words.of(winner.evidence()));
        }
        Money cost = winner.predictedCost();
        if (cost != null) {
            Money other = assessments.stream()
                    .filter(a -> a.baseline() && !a.equals(winner))
                    .map(Assessment::predictedCost)
                    .filter(money -> money != null && money.currency().equals(cost.currency()))
                    .findFirst()
                    .orElse(null);
            parts.add("cost " + (other == null ? cost.toString() : cost.plain() + " vs " + other));
        }
        return parts.isEmpty() ? "" : " (" + String.join("; ", parts) + ")";
    }

    private static String hint(Policy policy, Assessment winner) {
        boolean latencyMatters = policy.objective() == Objective.MINIMISE_LATENCY
                || policy.constraints().firstTokenP95() != null || policy.constraints().totalP95() != null;
        return latencyMatters && winner.latencyObservations() < Assessor.ENOUGH_OBSERVATIONS
                ? "; latency not yet known"
                : "";
    }

    static String note(Assessment candidate, int place) {
        if (place == 1) {
            return "chosen";
        }
        if (!candidate.feasible()) {
            return whyNot(candidate) + (place > 0 ? "; fall-back " + (place - 1) : "");
        }
        return place > 0 ? "meets everything; fall-back " + (place - 1) : "not needed";
    }

    private static Assessment find(List<Assessment> assessments, Outcome.Chosen chosen) {
        return assessments.stream()
                .filter(candidate -> candidate.model().equals(chosen.model()))
                .findFirst()
                .orElseThrow();
    }
}
