package dev.pareto.policies.decide;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.policy.Objective;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.predict.Commitments.Room;
import dev.pareto.policies.price.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in one line why a decision fell as it did. */
final class Reasons {

    /** First in the line, for names can be long and lines are cut. */
    private static final String UNLISTED = "not in the catalogue, unpriced: ";

    /** Room for {@code ; 12 more left out}. */
    private static final int MORE = 20;

    private Reasons() {}

    static String of(Decision decision) {
        return Words.line(switch (decision.because()) {
            case Reason.Said said -> said.words();
            case Reason.Weighed weighed -> weighed.point() == Reason.Point.INFEASIBLE
                    ? infeasible(decision)
                    : (weighed.unlisted() ? UNLISTED : "") + chosen(weighed, decision);
        });
    }

    private static String infeasible(Decision decision) {
        return decision.outcome() instanceof Outcome.Infeasible none
                ? "infeasible: " + none.bindingConstraint() + "; " + none.nearestRelaxation()
                : "infeasible";
    }

    private static String chosen(Reason.Weighed why, Decision decision) {
        List<Assessment> all = decision.assessments();
        Assessment winner = all.get(why.chosen());
        Policy policy = why.policy();
        String name = winner.model() + ": ";
        return switch (why.point()) {
            case INFEASIBLE -> infeasible(decision);
            case CLOSEST -> name + "closest to " + (policy == null ? "what was asked" : policy.name()) + " ("
                    + (decision.outcome() instanceof Outcome.Chosen chosen ? chosen.relaxed() : null) + ")";
            case STAYED -> name + "served last and stays: " + all.get(why.other()).model() + " is better by "
                    + Words.share(why.gain()) + " only, and " + requireNonNull(policy).name()
                    + " changes for more than " + Words.share(policy.hysteresis());
            case LEFT_OUT -> name + whyNot(all.get(why.other())) + others(why, decision);
            case NAMED -> name + "asked for by name";
            case FIRST -> {
                Stake stake = winner.stake();
                yield name + (stake != null && stake.takesOver()
                        ? "its swap serves " + Words.share(winner.share()) + " of "
                        : all.size() == 1 ? "only candidate of " : "first candidate that may serve ")
                        + why.route().name() + details(winner, all);
            }
            case BEST -> name + superlative(requireNonNull(policy).objective()) + " that meets " + policy.name()
                    + details(winner, all) + hint(policy, winner);
        };
    }

    /** The other candidates that may not serve or miss something, as far as the line has room; of the rest how many there are. */
    private static String others(Reason.Weighed why, Decision decision) {
        List<Assessment> all = decision.assessments();
        int room = Words.LINE - (all.get(why.chosen()).model() + ": " + whyNot(all.get(why.other()))).length()
                - (why.unlisted() ? UNLISTED.length() : 0) - MORE;
        StringBuilder said = new StringBuilder();
        int more = 0;
        for (int i = 0; i < all.size(); i++) {
            Assessment one = all.get(i);
            if (i != why.chosen() && i != why.other() && !one.feasible()
                    && why.route().candidates().contains(one.model())) {
                String next = "; " + whyNot(one);
                if (more == 0 && said.length() + next.length() <= room) {
                    said.append(next);
                } else {
                    more++;
                }
            }
        }
        return said + (more == 0 ? "" : "; " + more + " more left out");
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

    private static String whyNot(Assessment one) {
        return one.refusals().isEmpty()
                ? one.model() + " misses " + one.violations().getFirst().relaxation()
                : one.refusals().getFirst();
    }

    /** The evidence the winner rests on, and what it costs against the baseline. */
    private static String details(Assessment winner, List<Assessment> all) {
        StringBuilder details = new StringBuilder();
        if (winner.evidence() != null) {
            details.append(Words.of(winner.evidence()));
        }
        Money cost = winner.predictedCost();
        if (cost != null) {
            details.append(details.isEmpty() ? "" : "; ").append("cost ");
            Money other = baselineCost(winner, all);
            if (other == null) {
                details.append(cost);
            } else {
                details.append(cost.plain()).append(" vs ").append(other);
            }
            Room room = winner.commitment();
            if (room != null && room.left().amount().signum() > 0) {
                details.append(": commitment ")
                        .append(room.commitment())
                        .append(" has ")
                        .append(room.left())
                        .append(" left");
            }
        }
        return details.isEmpty() ? "" : " (" + details + ")";
    }

    private static @Nullable Money baselineCost(Assessment winner, List<Assessment> all) {
        Money own = winner.predictedCost();
        for (Assessment one : all) {
            Money cost = one.predictedCost();
            if (one.baseline() && !one.model().equals(winner.model()) && cost != null && own != null
                    && cost.currency().equals(own.currency())) {
                return cost;
            }
        }
        return null;
    }

    private static String hint(Policy policy, Assessment winner) {
        boolean weighed = switch (policy.objective()) {
            case Objective.Single single -> single == Objective.Single.MINIMISE_LATENCY;
            case Objective.Weighted weighted -> weighted.usdPerSecond().signum() > 0;
        };
        boolean matters = weighed || policy.constraints().firstTokenP95() != null
                || policy.constraints().totalP95() != null;
        return matters && winner.latencyObservations() < Assessor.ENOUGH_OBSERVATIONS ? "; latency not yet known" : "";
    }

    static String note(Assessment candidate) {
        int place = candidate.place();
        if (place == 1) {
            return "chosen";
        }
        if (!candidate.feasible()) {
            return whyNot(candidate)
                    + (place > 0 ? "; fall-back " + (place - 1) : "");
        }
        return place > 0 ? "meets everything; fall-back " + (place - 1) : "not needed";
    }
}
