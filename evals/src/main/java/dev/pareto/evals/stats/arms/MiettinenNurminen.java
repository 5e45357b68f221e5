package dev.pareto.evals.stats.arms;

import dev.pareto.evals.stats.Bisection;
import dev.pareto.evals.stats.Margins;
import dev.pareto.evals.stats.Wilson;

/**
 * Score tests for two independent proportions against a margin (Miettinen &amp; Nurminen 1985, Stat. Med. 4:213):
 * the variance is taken at the most likely rates under the hypothesis, times N/(N-1).
 */
public final class MiettinenNurminen {

    private static final double EDGE = 1e-14;

    private MiettinenNurminen() {}

    /** Tests {@code x1} of {@code n1} minus {@code x2} of {@code n2} against {@code -margin} and {@code margin}. */
    public static Equivalence test(int x1, int n1, int x2, int n2, double margin) {
        Margins.requireMargin(margin);
        return Equivalence.of(z(x1, n1, x2, n2, -margin), z(x1, n1, x2, n2, margin));
    }

    /** The score statistic for the hypothesis that the difference is {@code difference}. */
    public static double z(int x1, int n1, int x2, int n2, double difference) {
        Wilson.requireCounts(x1, n1);
        Wilson.requireCounts(x2, n2);
        if (!(difference > -1 && difference < 1)) {
            throw new IllegalArgumentException("difference " + difference + " is not within (-1, 1)");
        }
        double p2 = restricted(x1, n1, x2, n2, difference);
        double p1 = p2 + difference;
        double total = (double) n1 + n2;
        double variance = (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * total / (total - 1);
        double distance = (double) x1 / n1 - (double) x2 / n2 - difference;
        return distance == 0 ? 0 : distance / Math.sqrt(variance);
    }

    /**
     * The most likely second rate when the first is {@code difference} higher: the score equation falls, so bisect it.
     */
    private static double restricted(int x1, int n1, int x2, int n2, double difference) {
        return Bisection.last(Math.max(0, -difference) + EDGE, Math.min(1, 1 - difference) - EDGE,
                rate -> score(x1, n1, rate + difference) + score(x2, n2, rate) > 0);
    }

    private static double score(int successes, int trials, double rate) {
        return (successes == 0 ? 0 : successes / rate)
                - (successes == trials ? 0 : (trials - successes) / (1 - rate));
    }
}
