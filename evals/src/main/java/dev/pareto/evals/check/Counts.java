package dev.pareto.evals.check;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

import org.apache.commons.statistics.distribution.NormalDistribution;

/** Of counts and ranks: binomial sums term by term, bounds by bisection. Stateless. */
final class Counts {

    private Counts() {}

    /** The failure rate under which so few failures would be seen with probability {@code alpha} only. */
    static double rateAtMost(int failures, int n, double alpha) {
        return failures == n
                ? 1
                : SecondOpinion.bisect(rate -> sum(0, failures, n, rate) - alpha, 1e-12, 1 - 1e-12);
    }

    /** Probability of {@code from} to {@code to} successes. */
    private static double sum(int from, int to, int n, double rate) {
        double term = n * Math.log1p(-rate);
        double sum = 0;
        for (int i = 0; i <= to; i++) {
            sum += i < from ? 0 : Math.exp(term);
            term += Math.log((double) (n - i) / (i + 1)) + Math.log(rate) - Math.log1p(-rate);
        }
        return sum;
    }

    /** Two-sided exact p of as many heads as tails. */
    static double mcNemar(int b, int c) {
        return Math.min(1, 2 * sum(0, Math.min(b, c), b + c, 0.5));
    }

    /** Likewise, with half of the probability of what was seen. */
    static double mcNemarMid(int b, int c) {
        int fewer = Math.min(b, c);
        return b == c ? 1 : mcNemar(b, c) - sum(fewer, fewer, b + c, 0.5);
    }

    /** One-sided mid-p of "not worse" where {@code c} items speak against and {@code b} for. */
    static double worse(int b, int c) {
        return b + c == 0 ? 1 : sum(0, b, b + c, 0.5) - 0.5 * sum(b, b, b + c, 0.5);
    }

    /** Holm's adjusted p values. */
    static double[] holm(double[] p) {
        double[] adjusted = new double[p.length];
        for (int i = 0; i < p.length; i++) {
            // the largest of (number of p not below) * p over those that come no later
            for (double other : p) {
                if (other <= p[i]) {
                    long left = Arrays.stream(p).filter(one -> one >= other).count();
                    adjusted[i] = Math.max(adjusted[i], Math.min(1, left * other));
                }
            }
        }
        return adjusted;
    }

    /** Whether Benjamini and Hochberg reject each: below the largest p that is at most its rank's share of the rate. */
    static boolean[] discoveries(double[] p, double rate) {
        double[] sorted = p.clone();
        Arrays.sort(sorted);
        double highest = -1;
        for (int k = 0; k < sorted.length; k++) {
            if (sorted[k] <= rate * (k + 1) / sorted.length) {
                highest = sorted[k];
            }
        }
        boolean[] rejected = new boolean[p.length];
        for (int i = 0; i < p.length; i++) {
            rejected[i] = p[i] <= highest;
        }
        return rejected;
    }

    /** 1-based rank of the upper bound of a quantile, n + 1 when the sample has none. */
    static int upperRank(int n, double quantile, double alpha) {
        double tail = 0;
        int rank = n + 1;
        double term = n * Math.log(quantile);
        // successes from n downwards: P(at least i of n values lie below the quantile)
        for (int i = n; i >= 1; i--) {
            tail += Math.exp(term);
            if (tail > alpha) {
                break;
            }
            rank = i;
            term += Math.log((double) i / (n - i + 1)) + Math.log1p(-quantile) - Math.log(quantile);
        }
        return rank;
    }

    /** Wilson's limits: where the score statistic of a rate is the quantile. */
    static SecondOpinion.Range wilson(int x, int n, double confidence) {
        double z = NormalDistribution.of(0, 1).inverseSurvivalProbability((1 - confidence) / 2);
        double seen = (double) x / n;
        DoubleUnaryOperator score = rate -> (seen - rate) / Math.sqrt(rate * (1 - rate) / n);
        return new SecondOpinion.Range(
                x == 0 ? 0 : SecondOpinion.bisect(rate -> score.applyAsDouble(rate) - z, 1e-15, seen),
                x == n ? 1 : SecondOpinion.bisect(rate -> score.applyAsDouble(rate) + z, seen, 1 - 1e-15));
    }

    /** Newcombe's method 10: Wilson's limits of both rates, squared and added with their correlation. */
    static SecondOpinion.Range newcombe(int a, int b, int c, int d, double confidence) {
        int n = a + b + c + d;
        double first = (double) (a + b) / n;
        double second = (double) (a + c) / n;
        SecondOpinion.Range x = wilson(a + b, n, confidence);
        SecondOpinion.Range y = wilson(a + c, n, confidence);
        double margins = (double) (a + b) * (c + d) * (a + c) * (b + d);
        double cross = (double) a * d - (double) b * c;
        double less = cross > n / 2.0 ? cross - n / 2.0 : Math.min(cross, 0);
        double phi = margins == 0 ? 0 : less / Math.sqrt(margins);
        return new SecondOpinion.Range(
                first - second - side(first - x.lower(), y.upper() - second, phi),
                first - second + side(second - y.lower(), x.upper() - first, phi));
    }

    private static double side(double one, double other, double phi) {
        return Math.sqrt(one * one + other * other - 2 * phi * one * other);
    }
}
