package dev.pareto.policies.decide;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.Route;
import org.jspecify.annotations.Nullable;

/** Why a decision fell as it did: what it takes to say so, put into words when somebody asks. Immutable. */
public sealed interface Reason {

    /** Already in words. */
    record Said(String words) implements Reason {

        public Said {
            requireNonNull(words, "words is null");
        }
    }

    /** What the words are to tell. */
    enum Point {
        /** Nobody may serve. */
        INFEASIBLE,
        /** Nobody meets everything; the nearest serves. */
        CLOSEST,
        /** Who served last stays, though another is a little better. */
        STAYED,
        /** Another would have been chosen and may not serve, or misses something. */
        LEFT_OUT,
        /** The caller named the model. */
        NAMED,
        /** No policy: a swap's share, the only one, or the first that may. */
        FIRST,
        /** The policy's objective. */
        BEST
    }

    /**
     * As weighed by the engine.
     *
     * @param policy null for none
     * @param chosen place of the chosen one among the assessments; -1 for none
     * @param other place of whom it is compared with; -1 for nobody
     * @param gain what the other is better by; only where who served last stays
     * @param unlisted whether the chosen one is not in the catalogue
     */
    record Weighed(Point point, Route route, @Nullable Policy policy, int chosen, int other, double gain,
            boolean unlisted) implements Reason {

        public Weighed {
            requireNonNull(point, "point is null");
            requireNonNull(route, "route is null");
        }
    }
}
