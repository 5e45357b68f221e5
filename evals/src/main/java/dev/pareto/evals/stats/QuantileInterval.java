package dev.pareto.evals.stats;

import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * A distribution-free interval for a quantile from order statistics: no assumption about how latencies are shaped.
 *
 * @param lowerRank 1-based rank of the lower bound, 0 when there is none
 * @param upperRank 1-based rank of the upper bound, n+1 when the sample is too small for one
 * @param coverage its exact confidence
 */
public record QuantileInterval(int lowerRank, int upperRank, double coverage) {

    /** Ranks for the {@code quantile} of {@code n} values with equal tails. */
    public static QuantileInterval ranks(int n, double quantile, double confidence) {
        Quantiles.requireConfidence(confidence);
        if (n < 1 || !(quantile > 0 && quantile < 1)) {
            throw new IllegalArgumentException("need at least one value and a quantile within (0, 1)");
        }
        double tail = (1 - confidence) / 2;
        BinomialDistribution below = BinomialDistribution.of(n, quantile);
        int lower = below.inverseCumulativeProbability(tail);
        while (lower > 0 && below.cumulativeProbability(lower - 1) > tail) {
            lower--;
        }
        int upper = below.inverseCumulativeProbability(1 - tail) + 1;
        while (upper <= n && below.survivalProbability(upper - 1) > tail) {
            upper++;
        }
        double coverage = below.cumulativeProbability(upper - 1)
                - (lower > 0 ? below.cumulativeProbability(lower - 1) : 0);
        return new QuantileInterval(lower, upper, coverage);
    }

    /** The interval on ascending values; a missing bound is infinite. */
    public static Interval of(double[] sorted, double quantile, double confidence) {
        for (int i = 0; i < sorted.length; i++) {
            if (!(sorted[i] >= sorted[Math.max(0, i - 1)])) {
                throw new IllegalArgumentException(
                        "value " + i + " (" + sorted[i] + ") is out of order; sort them first");
            }
        }
        QuantileInterval ranks = ranks(sorted.length, quantile, confidence);
        return new Interval(ranks.lowerRank() < 1 ? Double.NEGATIVE_INFINITY : sorted[ranks.lowerRank() - 1],
                ranks.upperRank() > sorted.length ? Double.POSITIVE_INFINITY : sorted[ranks.upperRank() - 1]);
    }
}
