package dev.pareto.policies.experiment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is measured of each request. The gateway measures {@link #MEASURED} itself; every other name is posted to
 * {@code /pareto/v1/feedback} by whoever knows, e.g. {@code feedback}, {@code success} or {@code quality}.
 *
 * @param higherIsBetter the direction that one hopes for
 * @param quantile compared instead of the mean; null for the mean
 */
public record Metric(String name, Kind kind, boolean higherIsBetter, @Nullable Double quantile) {

    /** What the numbers are. */
    public enum Kind {
        /** 0 or 1. */
        RATE,
        /** Milliseconds. */
        TIME,
        /** US dollars. */
        MONEY,
        /** Any number. */
        SCORE
    }

    /** What the gateway knows by itself. */
    public static final List<Metric> MEASURED = List.of(new Metric("cost", Kind.MONEY, false, null),
            new Metric("latency", Kind.TIME, false, null), new Metric("latency-p95", Kind.TIME, false, 0.95),
            new Metric("first-token", Kind.TIME, false, null), new Metric("first-token-p95", Kind.TIME, false, 0.95),
            new Metric("errors", Kind.RATE, false, null), new Metric("format", Kind.RATE, false, null),
            new Metric("truncated", Kind.RATE, false, null), new Metric("retries", Kind.RATE, false, null));

    /** The largest size of a value that may be posted. */
    public static final double MOST = 1e9;

    /** Names that a caller may post. */
    private static final String POSTED = "[a-z][a-z0-9_-]{0,39}";

    /** @throws IllegalArgumentException when it is no name of a metric */
    public static Metric named(String name) {
        for (Metric measured : MEASURED) {
            if (measured.name.equals(name)) {
                return measured;
            }
        }
        if (!postable(name)) {
            throw new IllegalArgumentException("'" + name + "' is no metric: the gateway measures "
                    + String.join(", ", MEASURED.stream().map(Metric::name).toList())
                    + "; one that is posted has 1 to 40 lower-case letters, digits or dashes");
        }
        return new Metric(name, Kind.SCORE, true, null);
    }

    /** Whether somebody may post values of that name. */
    public static boolean postable(String name) {
        return name.matches(POSTED) && MEASURED.stream().noneMatch(measured -> measured.name.equals(name));
    }

    public Metric better(boolean higher) {
        return new Metric(name, kind, higher, quantile);
    }

    /** Whether a posted value may be taken: a number whose size is at most {@link #MOST}, beyond which sums of squares lose all meaning. */
    public static boolean valued(double value) {
        return Math.abs(value) <= MOST;
    }

    /** The metric of the single values that this one is computed from, e.g. {@code latency} of {@code latency-p95}. */
    public String source() {
        return quantile == null ? name : name.substring(0, name.length() - "-p95".length());
    }
}
