package dev.pareto.policies.decide;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.Catalogue;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.Objective;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.price.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in one line why a decision fell as it did. */
final class Reasons {

    /** First in the line, for names can be long and lines are cut. */
    private static final String UNLISTED = "not in the catalogue, unpriced: ";

    private Reasons() {}

    /**
     * @param better who would have been chosen, had the model that served last not stayed; null where that played no part
     */
    static String of(Outcome outcome, Route route, @Nullable Policy policy, List<Weighing> all, Ranking ranking,
            @Nullable Weighing better, Catalogue catalogue) {
        return switch (outcome) {
            case Outcome.Chosen chosen -> (catalogue.find(chosen.model()).isPresent() ? "" : UNLISTED)
                    + chosen(chosen, route, policy, all, ranking, better);
            case Outcome.Infeasible none -> "infeasible: " + none.bindingConstraint() + "; " + none.nearestRelaxation();
            case Outcome.UnknownModel unknown -> "no route or model '" + unknown.requested() + "'";
            case Outcome.UnknownPolicy unknown -> "no policy '" + unknown.requested() + "'";
        };
    }

    private static String chosen(Outcome.Chosen chosen, Route route, @Nullable Policy policy, List<Weighing> all,
            Ranking ranking, @Nullable Weighing better) {
        Weighing winner = requireNonNull(PolicyEngine.find(all, chosen.model()), "winner is null");
        String name = chosen.model() + ": ";
        if (chosen.relaxed() != null) {
            return name + "closest to " + (policy == null ? "what was asked" : policy.name()) + " (" + chosen.relaxed()
                    + ")";
        }
        if (better != null && policy != null) {
            return name + "served last and stays: " + better.model + " is better by "
                    + Words.share(Ranking.gain(winner, better)) + " only, and " + policy.name()
                    + " changes for more than "
                    + Words.share(policy.hysteresis());
        }
        Weighing rival = null;
        for (Weighing other : all) {
            if (other != winner && !other.feasible()
                    && (!winner.candidate || ranking.compare(other, winner) < 0 || (other.open && !winner.open))
                    && (rival == null || ranking.compare(other, rival) < 0)) {
                rival = other;
            }
        }
        if (rival != null) {
            return name + rival.whyNot();
        }
        if (!route.declared()) {
            return name + "asked for by name";
        }
        if (policy == null) {
            boolean swapped = winner.stake != null && winner.stake.takesOver();
            return name + (swapped
                    ? "its swap serves " + Words.share(winner.pass.share()) + " of "
                    : all.size() == 1 ? "only candidate of " : "first candidate that may serve ") + route.name()
                    + details(winner, all);
        }
        return name + superlative(policy.objective()) + " that meets " + policy.name() + details(winner, all)
                + hint(policy, winner);
    }

    private static String superlative(Objective objective) {
        return switch (objective) {
            case Objective.Single single -> switch (single) {
                case MINIMISE_COST -> "cheapest";
                case MINIMISE_LATENCY -> "fastest";
                case MAXIMISE_ACCURACY -> "most accurate";
            };
            case Objective.Weighted weighted -> "best in all";
        };
    }

    static String whyNot(ModelId model, List<String> refusals, List<Violation> violations) {
        return refusals.isEmpty() ? model + " misses " + violations.getFirst().relaxation() : refusals.getFirst();
    }

    /** The evidence the winner rests on, and what it costs against the baseline. */
    private static String details(Weighing winner, List<Weighing> all) {
        StringBuilder details = new StringBuilder();
        if (winner.evidence() != null) {
            details.append(Words.of(winner.evidence()));
        }
        Money cost = winner.cost;
        if (cost != null) {
            details.append(details.isEmpty() ? "" : "; ").append("cost ");
            Money other = baselineCost(winner, all);
            if (other == null) {
                details.append(cost);
            } else {
                details.append(cost.plain()).append(" vs ").append(other);
            }
        }
        return details.isEmpty() ? "" : " (" + details + ")";
    }

    private static @Nullable Money baselineCost(Weighing winner, List<Weighing> all) {
        for (Weighing one : all) {
            if (one.baseline && one != winner && one.cost != null && winner.cost != null
                    && one.cost.currency().equals(winner.cost.currency())) {
                return one.cost;
            }
        }
        return null;
    }

    private static String hint(Policy policy, Weighing winner) {
        boolean weighed = switch (policy.objective()) {
            case Objective.Single single -> single == Objective.Single.MINIMISE_LATENCY;
            case Objective.Weighted weighted -> weighted.usdPerSecond().signum() > 0;
        };
        boolean matters = weighed || policy.constraints().firstTokenP95() != null
                || policy.constraints().totalP95() != null;
        return matters && winner.latency.observations() < Assessor.ENOUGH_OBSERVATIONS ? "; latency not yet known" : "";
    }

    static String note(Assessment candidate) {
        int place = candidate.place();
        if (place == 1) {
            return "chosen";
        }
        if (!candidate.feasible()) {
            return whyNot(candidate.model(), candidate.refusals(), candidate.violations())
                    + (place > 0 ? "; fall-back " + (place - 1) : "");
        }
        return place > 0 ? "meets everything; fall-back " + (place - 1) : "not needed";
    }
}
