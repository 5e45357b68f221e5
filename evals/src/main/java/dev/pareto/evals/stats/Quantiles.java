package dev.pareto.evals.stats;

import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Quantiles and tails of the distributions used here. The library's generic root finder stops at an absolute 1e-9,
 * too coarse for small bounds, so its result is polished with Newton steps on the exact density.
 */
final class Quantiles {

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
    private static final int NEWTON_STEPS = 4;

    private Quantiles() {}

    static double normal(double probability) {
        return NORMAL.inverseCumulativeProbability(probability);
    }

    static double normalCumulative(double x) {
        return NORMAL.cumulativeProbability(x);
    }

    static double normalUpperTail(double x) {
        return NORMAL.survivalProbability(x);
    }

    /** The standard normal quantile of a two-sided interval, e.g. 1.96 for 0.95. */
    static double twoSidedNormal(double confidence) {
        requireConfidence(confidence);
        return NORMAL.inverseSurvivalProbability((1 - confidence) / 2);
    }

    static double student(double degreesOfFreedom, double probability) {
        return polished(TDistribution.of(degreesOfFreedom), probability);
    }

    static double studentUpperTail(double degreesOfFreedom, double t) {
        return TDistribution.of(degreesOfFreedom).survivalProbability(t);
    }

    static double beta(double alpha, double beta, double probability) {
        return polished(BetaDistribution.of(alpha, beta), probability);
    }

    private static double polished(ContinuousDistribution distribution, double probability) {
        double x = distribution.inverseCumulativeProbability(probability);
        for (int step = 0; step < NEWTON_STEPS; step++) {
            double density = distribution.density(x);
            if (!(density > 0)) {
                return x;
            }
            double next = x - (distribution.cumulativeProbability(x) - probability) / density;
            if (!(next > distribution.getSupportLowerBound() && next < distribution.getSupportUpperBound())) {
                return x;
            }
            x = next;
        }
        return x;
    }

    static void requireConfidence(double confidence) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("confidence " + confidence + " is not within (0, 1)");
        }
    }
}
