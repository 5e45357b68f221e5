package dev.pareto.policies.swap;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import java.time.Duration;
import java.util.List;

/**
 * How an open model is to take over a route. Shares are fractions.
 *
 * @param route the route
 * @param to the open model
 * @param suites the suites whose verdict is asked for
 * @param margin how much worse still counts as good enough, e.g. 0.02
 * @param shadow the share of live requests that is copied before the first one is served
 * @param ramp the growing shares served on the way; empty means that it opens at once
 * @param dwell how long each share of the ramp is held; zero means that it opens at once
 * @param holdback the share that stays with the closed model for comparison
 * @param approval who moves it forward
 */
public record SwapPlan(String route, ModelId to, List<String> suites, double margin, double shadow, List<Double> ramp,
        Duration dwell, double holdback, Approval approval) {

    public static final Duration DEFAULT_DWELL = Duration.ofHours(24);

    public SwapPlan {
        requireNonNull(route, "route is null");
        requireNonNull(to, "to is null");
        requireNonNull(dwell, "dwell is null");
        requireNonNull(approval, "approval is null");
        suites = List.copyOf(suites);
        ramp = List.copyOf(ramp);
        fraction("margin", margin);
        fraction("shadow", shadow);
        fraction("holdback", holdback);
        double last = 0;
        for (double share : ramp) {
            fraction("ramp", share);
            if (share <= last) {
                throw new IllegalArgumentException("ramp must grow at every step, got " + ramp);
            }
            last = share;
        }
        if (dwell.isNegative()) {
            throw new IllegalArgumentException("dwell is negative: " + dwell);
        }
    }

    /** The plan of a route that states none: good evidence opens it at once and wholly. */
    public static SwapPlan unstated(String route, ModelId to, double margin) {
        return new SwapPlan(route, to, List.of(), margin, 0, List.of(), Duration.ZERO, 0, Approval.AUTOMATIC);
    }

    /** The share that an open swap serves. */
    public double openShare() {
        return 1 - holdback;
    }

    private static void fraction(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be between 0 and 1, got " + value);
        }
    }
}
