package dev.pareto.policies.swap.guard;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each guard still finds good, and how seldom all of them together may cry wolf.
 *
 * @param atMost by guard the share of bad requests that is still good, above 0 and below 1
 * @param off guards that nothing switches on; one that is in neither may get its share from the evidence
 * @param latencyLimit beyond which a request counts as slow; null turns that guard off
 * @param averageRunLength observations of a healthy candidate until the first false alarm, on average and at least
 */
public record GuardRules(Map<Guard, Double> atMost, Set<Guard> off, @Nullable Duration latencyLimit,
        double averageRunLength) {

    /** At a million observations between false alarms a candidate that fails at every request is out after about six. */
    public static final GuardRules DEFAULT = new GuardRules(
            Map.of(Guard.ERRORS, 0.02, Guard.FORMAT, 0.01, Guard.TRUNCATED, 0.02, Guard.LATENCY, 0.05), null, 1e6);

    /** Rises that are bet on; smaller ones would take longer to see than they are worth. */
    private static final double SMALL = 0.02;
    private static final double LARGE = 0.08;

    /** With no guard switched off. */
    public GuardRules(Map<Guard, Double> atMost, @Nullable Duration latencyLimit, double averageRunLength) {
        this(atMost, Set.of(), latencyLimit, averageRunLength);
    }

    public GuardRules {
        atMost = Map.copyOf(atMost);
        off = Set.copyOf(off);
        atMost.forEach((guard, share) -> {
            if (!(share > 0 && share < 1)) {
                throw new IllegalArgumentException(guard.id() + " must be above 0 % and below 100 %, got " + share);
            }
        });
        if (latencyLimit != null && (latencyLimit.isNegative() || latencyLimit.isZero())) {
            throw new IllegalArgumentException("the latency limit must be above zero, got " + latencyLimit);
        }
        if (!(averageRunLength >= 100 && averageRunLength <= 1e12)) {
            throw new IllegalArgumentException("arl must be 100 to 10^12 observations, got " + averageRunLength);
        }
    }

    /** What still is good; null when the guard is off. */
    public @Nullable Double rate(Guard guard) {
        return guard == Guard.LATENCY && latencyLimit == null ? null : atMost.get(guard);
    }

    /** Bad shares that are bet on: a little more than is good, much more, and half of all that could be. */
    List<Double> bets(double rate) {
        double half = (1 + rate) / 2;
        return List.of(Math.min(rate + SMALL, half), Math.min(rate + LARGE, half), half);
    }

    /**
     * Ln of what a guard's statistic must reach. Each of k guards gets k times the run length: the average of e-detectors is one, so
     * all of them together keep the one that was asked for.
     */
    public double threshold() {
        int guards = 1; // pairs are always watched
        for (Guard guard : Guard.values()) {
            guards += guard != Guard.DRIFT && rate(guard) != null ? 1 : 0;
        }
        return Math.log(averageRunLength) + Math.log(guards);
    }

    /** The same with a limit of time, where none is stated. */
    public GuardRules latencyOr(@Nullable Duration limit) {
        return latencyLimit != null || limit == null ? this : new GuardRules(atMost, off, limit, averageRunLength);
    }

    /** The same with what graded answers may lack, where nothing is stated. */
    public GuardRules qualityOr(double lacking) {
        return or(Guard.QUALITY, lacking);
    }

    /** The same with what a guard still finds good, where nothing is stated and the guard is not switched off. */
    public GuardRules or(Guard guard, double share) {
        if (atMost.containsKey(guard) || off.contains(guard) || !(share > 0 && share < 1)) {
            return this;
        }
        Map<Guard, Double> more = new EnumMap<>(Guard.class);
        more.putAll(atMost);
        more.put(guard, share);
        return new GuardRules(more, off, latencyLimit, averageRunLength);
    }
}
