package dev.pareto.policies.swap;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.swap.guard.DriftPlan;
import dev.pareto.policies.swap.guard.GuardRules;
import dev.pareto.policies.swap.guard.JudgePlan;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How an open model is to take over a route. Shares are fractions.
 *
 * @param route the route
 * @param to the open model
 * @param suites the suites that must each find it good enough; empty when any verdict on the route will do
 * @param margin how much worse still counts as good enough, e.g. 0.02
 * @param shadow how live requests are copied before the first one is served
 * @param ramp the growing shares served on the way; empty means that it opens at once
 * @param dwell how long shadow and each share of the ramp last at least
 * @param requests how many answers of the candidate each of them needs at least
 * @param holdback the share that stays with the closed model for comparison
 * @param approval who moves it forward
 * @param guards what takes traffic back
 * @param exitMargin how much worse on graded live pairs takes traffic back; at least the margin, so that nothing flutters
 * @param coolDowns the time out after the first, second … roll-back; one more needs a person
 * @param segments how the traffic is divided
 * @param drift how far requests may differ from those of the evidence; null where nobody looks
 * @param judge who judges live answers; null when nobody does
 * @param basis what the configuration says of it
 */
public record SwapPlan(String route, ModelId to, List<String> suites, double margin, Shadow shadow, List<Double> ramp,
        Duration dwell, int requests, double holdback, Approval approval, GuardRules guards, double exitMargin,
        List<Duration> coolDowns, Segments segments, @Nullable DriftPlan drift, @Nullable JudgePlan judge,
        Basis basis) {

    /** What the configuration says of a replacement. */
    public enum Basis {
        /** The route's swap entry plans it. */
        STATED,
        /** The route has no swap entry. */
        UNSTATED,
        /** The route's swap entry plans another model. */
        ELSEWHERE
    }

    public static final Duration DEFAULT_DWELL = Duration.ofHours(24);

    /** A clock is no evidence: guards need to have seen something, too. */
    public static final int DEFAULT_REQUESTS = 100;

    public static final List<Duration> DEFAULT_COOL_DOWNS = List.of(Duration.ofDays(1), Duration.ofDays(7),
            Duration.ofDays(30));

    public SwapPlan {
        requireNonNull(route, "route is null");
        requireNonNull(to, "to is null");
        requireNonNull(shadow, "shadow is null");
        requireNonNull(dwell, "dwell is null");
        requireNonNull(approval, "approval is null");
        requireNonNull(guards, "guards is null");
        requireNonNull(segments, "segments is null");
        requireNonNull(basis, "basis is null");
        suites = List.copyOf(suites);
        ramp = List.copyOf(ramp);
        coolDowns = List.copyOf(coolDowns);
        fraction("margin", margin);
        fraction("holdback", holdback);
        fraction("exit-margin", exitMargin);
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
        if (requests < 0) {
            throw new IllegalArgumentException("requests is negative: " + requests);
        }
        if (exitMargin < margin) {
            throw new IllegalArgumentException("exit-margin must be at least the margin, " + margin + ", got "
                    + exitMargin);
        }
        boolean timed = !coolDowns.isEmpty();
        for (Duration coolDown : coolDowns) {
            timed &= !coolDown.isNegative();
        }
        if (!timed) {
            throw new IllegalArgumentException("cool-down needs at least one time and none below zero, got "
                    + coolDowns);
        }
    }

    /** As a swap entry states it. */
    public SwapPlan(String route, ModelId to, List<String> suites, double margin, Shadow shadow, List<Double> ramp,
            Duration dwell, int requests, double holdback, Approval approval, GuardRules guards, double exitMargin,
            List<Duration> coolDowns, Segments segments, @Nullable DriftPlan drift, @Nullable JudgePlan judge) {
        this(route, to, suites, margin, shadow, ramp, dwell, requests, holdback, approval, guards, exitMargin,
                coolDowns, segments, drift, judge, Basis.STATED);
    }

    /** With the usual guards, for undivided traffic, unjudged. */
    public SwapPlan(String route, ModelId to, List<String> suites, double margin, double shadow, List<Double> ramp,
            Duration dwell, double holdback, Approval approval) {
        this(route, to, suites, margin, Shadow.of(shadow), ramp, dwell, dwell.isZero() ? 0 : DEFAULT_REQUESTS, holdback,
                approval, GuardRules.DEFAULT, exitMargin(margin), DEFAULT_COOL_DOWNS, Segments.NONE, DriftPlan.DEFAULT,
                null);
    }

    /** The plan of a route that states none: good evidence opens it at once and wholly; its guards take it back. */
    public static SwapPlan unstated(String route, ModelId to, double margin) {
        return atOnce(route, to, margin, Segments.NONE, Basis.UNSTATED);
    }

    /**
     * The plan of a model that is not the one a route's entry plans: it moves by a person's override alone, and never into what the entry
     * keeps closed.
     *
     * @param entry the route's
     */
    public static SwapPlan elsewhere(SwapPlan entry, ModelId to, double margin) {
        Segments divided = entry.segments();
        return atOnce(entry.route(), to, margin,
                new Segments(divided.tag(), divided.closed(), Set.of(), divided.unlabelled()), Basis.ELSEWHERE);
    }

    private static SwapPlan atOnce(String route, ModelId to, double margin, Segments segments, Basis basis) {
        return new SwapPlan(route, to, List.of(), margin, Shadow.NONE, List.of(), Duration.ZERO, 0, 0,
                Approval.AUTOMATIC, GuardRules.DEFAULT, exitMargin(margin), DEFAULT_COOL_DOWNS, segments,
                DriftPlan.DEFAULT, null, basis);
    }

    /** One and a half margins: what came in at the margin's edge is not thrown out by chance. */
    public static double exitMargin(double margin) {
        return Math.min(1, 1.5 * margin);
    }

    /** The share that an open swap serves. */
    public double openShare() {
        return 1 - holdback;
    }

    public SwapPlan withGuards(GuardRules rules) {
        return new SwapPlan(route, to, suites, margin, shadow, ramp, dwell, requests, holdback, approval, rules,
                exitMargin, coolDowns, segments, drift, judge, basis);
    }

    private static void fraction(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be between 0 and 1, got " + value);
        }
    }
}
