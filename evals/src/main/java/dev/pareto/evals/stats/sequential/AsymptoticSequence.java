package dev.pareto.evals.stats.sequential;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Quantiles;
import dev.pareto.evals.stats.Sample;

/**
 * Intervals for means of any scale that hold at every look once there are enough observations for the central limit theorem
 * (Waudby-Smith, Arbour, Sinha, Kennedy &amp; Ramdas 2024, arXiv 2103.06476). For live metrics of two arms, raw or with their
 * variance reduced.
 *
 * @param alpha probability of ever missing
 * @param rho2 where the sequence is tightest; see {@link #tightestAt}
 */
public record AsymptoticSequence(double alpha, double rho2) {

    /** Before so many observations the intervals are infinite. */
    public static final int BURN_IN = 100;

    /** Checks the ranges. */
    public AsymptoticSequence {
        Quantiles.requireAlpha(alpha);
        if (!(rho2 > 0 && rho2 < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("rho2 must be positive and finite, is " + rho2);
        }
    }

    /** The sequence that is tightest around {@code n} observations. */
    public static AsymptoticSequence tightestAt(double n, double alpha) {
        Quantiles.requireAlpha(alpha);
        if (!(n >= 1)) {
            throw new IllegalArgumentException("the sequence must be tightest at 1 observation or more, not at " + n);
        }
        double twice = -2 * Math.log(alpha);
        return new AsymptoticSequence(alpha, (twice + Math.log1p(twice)) / n);
    }

    /** Half the width of the two-sided interval after {@code n} observations of the given (population) variance. */
    public double halfWidth(long n, double variance) {
        double scaled = n * rho2;
        return width(n, variance, Math.log1p(scaled) - 2 * Math.log(alpha));
    }

    /** How far a one-sided bound lies from the mean. */
    public double oneSidedWidth(long n, double variance) {
        double ratio = Math.sqrt(n * rho2 + 1) / (2 * alpha);
        return width(n, variance, 2 * Math.log1p(ratio));
    }

    /** Two-sided interval for the mean. */
    public Interval interval(Sample sample) {
        return around(sample.mean(), sample.n(), halfWidth(Math.max(1, sample.n()), sample.populationVariance()));
    }

    /** Two-sided interval for the mean of {@code first} less that of {@code second}, arms that saw different requests. */
    public Interval difference(Sample first, Sample second) {
        long n = first.n() + second.n();
        return around(first.mean() - second.mean(), Math.min(first.n(), second.n()),
                halfWidth(Math.max(1, n), pooled(first, second)));
    }

    /** One-sided lower bound for the mean of {@code first} less that of {@code second}. */
    public double differenceAtLeast(Sample first, Sample second) {
        long n = first.n() + second.n();
        return around(first.mean() - second.mean(), Math.min(first.n(), second.n()),
                oneSidedWidth(Math.max(1, n), pooled(first, second))).lower();
    }

    /**
     * A p value for "both means are equal" that is valid at whatever moment one stopped: the level at which the two-sided interval
     * just reaches 0, which is the mixture sequential test's (Johari, Pekelis &amp; Walsh 2022); 1 before there are enough.
     */
    public double alwaysValidP(Sample first, Sample second) {
        if (Math.min(first.n(), second.n()) < BURN_IN) {
            return 1;
        }
        double difference = first.mean() - second.mean();
        double variance = pooled(first, second);
        double n = (double) first.n() + second.n();
        double scaled = n * rho2;
        if (difference == 0 || variance == 0) {
            return difference == 0 ? 1 : 0;
        }
        return Math.min(1, Math.exp(
                (Math.log1p(scaled) - difference * difference * n * scaled / (variance * (scaled + 1))) / 2));
    }

    /** The variance of one of all requests' weighted contributions to the difference. */
    private static double pooled(Sample first, Sample second) {
        double n = (double) first.n() + second.n();
        return n * (first.populationVariance() / Math.max(1, first.n())
                + second.populationVariance() / Math.max(1, second.n()));
    }

    private static Interval around(double centre, long n, double half) {
        return n < BURN_IN
                ? new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)
                : new Interval(centre - half, centre + half);
    }

    private double width(long n, double variance, double log) {
        if (!(n >= 1) || !(variance >= 0)) {
            throw new IllegalArgumentException("need n >= 1 and a variance >= 0, have " + n + " and " + variance);
        }
        double scaled = n * rho2;
        return Math.sqrt(variance * (scaled + 1) / (n * scaled) * log);
    }
}
