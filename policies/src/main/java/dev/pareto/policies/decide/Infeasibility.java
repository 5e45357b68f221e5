package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.Route;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what stands in the way when nobody may serve, and the least change that would let somebody. */
final class Infeasibility {

    private Infeasibility() {}

    /** @param candidates none of which may serve; at least one */
    static Outcome.Infeasible of(RequestFeatures request, Route route, List<Weighing> candidates) {
        ModelId forced = request.overrides().model();
        if (forced != null && !route.candidates().contains(forced)) {
            return new Outcome.Infeasible("Pareto-Model " + forced + " is not a candidate of " + route.name(),
                    "candidates: " + String.join(", ", route.candidates().stream().map(ModelId::toString).toList()));
        }
        Weighing nearest = nearest(candidates);
        return nearest == null ? refused(forced, route, candidates) : missed(nearest);
    }

    /**
     * The candidate that the smallest single change admits: one that misses one constraint, by the smallest part of its limit; one that
     * would be admitted without one constraint of which nothing is known; else the one whose greatest miss is smallest.
     */
    private static @Nullable Weighing nearest(List<Weighing> candidates) {
        Weighing nearest = null;
        for (Weighing one : candidates) {
            if (one.admitted() && (nearest == null || closer(one, nearest))) {
                nearest = one;
            }
        }
        return nearest;
    }

    private static boolean closer(Weighing one, Weighing other) {
        boolean single = one.violations().size() == 1;
        if (single != (other.violations().size() == 1)) {
            return single;
        }
        return compareExcess(one, other) < 0;
    }

    /** By the greatest miss; ties go to the baseline, then to the route's order. */
    static int compareExcess(Weighing one, Weighing other) {
        int order = Double.compare(one.excess(), other.excess());
        order = order != 0 ? order : Boolean.compare(other.baseline, one.baseline);
        return order != 0 ? order : Integer.compare(one.order, other.order);
    }

    private static Outcome.Infeasible missed(Weighing nearest) {
        Violation binding = nearest.violations().getFirst();
        StringBuilder change = new StringBuilder();
        for (Violation violation : nearest.violations()) {
            binding = violation.excess() > binding.excess() ? violation : binding;
            change.append(change.isEmpty() ? "" : " and ")
                    .append(violation.mendable()
                            ? violation.relaxation()
                            : "without " + violation.constraint() + " " + violation.limit() + " ("
                                    + violation.actual() + ")");
        }
        return new Outcome.Infeasible(binding.constraint() + " " + binding.limit(),
                change.append(" admits ").append(nearest.model).toString());
    }

    private static Outcome.Infeasible refused(@Nullable ModelId forced, Route route,
            List<Weighing> candidates) {
        Weighing least = null;
        for (Weighing one : candidates) {
            if ((forced == null || one.model.equals(forced))
                    && (least == null || one.refusals().size() < least.refusals().size())) {
                least = one;
            }
        }
        Weighing refused = least == null ? candidates.getFirst() : least;
        return new Outcome.Infeasible(refused.refusals().getFirst(), refused.refusals().size() == 1
                ? remedy(refused, route)
                : "nearest is " + refused.model + ", but also: "
                        + String.join("; ", refused.refusals().subList(1, refused.refusals().size())));
    }

    /** What would admit it. */
    private static String remedy(Weighing refused, Route route) {
        Stake stake = refused.stake;
        if (stake == null || stake.takesOver()) {
            return "without it " + refused.model + " could serve";
        }
        return refused.evidence == null
                ? "./pareto eval compare --candidate " + refused.model + " --baseline " + route.baseline()
                        + " finds out whether it may"
                : "./pareto swap show " + route.name() + " says what it waits for";
    }
}
