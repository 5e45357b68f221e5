package dev.pareto.evals.stats;

import java.util.function.DoubleUnaryOperator;

import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Quantiles and tails of the distributions used here. The library's generic root finder stops at an absolute 1e-9,
 * too coarse for small bounds, so its result is polished with safeguarded Newton steps on the exact density.
 * Quantiles far out are asked for by their tail: 1 - alpha has no digits left for a tiny alpha.
 */
public final class Quantiles {

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
    private static final int NEWTON_STEPS = 200;
    private static final double PRECISION = 4e-16;

    private Quantiles() {}

    /** The value that a standard normal variable exceeds with probability {@code tail}; 1.64 for 0.05. */
    public static double normalTail(double tail) {
        requireProbability("tail probability", tail);
        return NORMAL.inverseSurvivalProbability(tail);
    }

    /** Probability that a standard normal variable is at most {@code x}. */
    public static double normalCumulative(double x) {
        return NORMAL.cumulativeProbability(x);
    }

    /** Probability that a standard normal variable is above {@code x}. */
    public static double normalUpperTail(double x) {
        return NORMAL.survivalProbability(x);
    }

    /** The standard normal quantile of a two-sided interval, e.g. 1.96 for 0.95. */
    public static double twoSidedNormal(double confidence) {
        requireConfidence(confidence);
        return NORMAL.inverseSurvivalProbability((1 - confidence) / 2);
    }

    /** Student's quantile of a two-sided interval. */
    public static double twoSidedStudent(double degreesOfFreedom, double confidence) {
        requireConfidence(confidence);
        double tail = (1 - confidence) / 2;
        TDistribution student = TDistribution.of(degreesOfFreedom);
        return polished(student.inverseSurvivalProbability(tail), 0, Double.MAX_VALUE,
                x -> tail - student.survivalProbability(x), student::density);
    }

    /** Probability that Student's t is above {@code t}, which may be infinite. */
    public static double studentUpperTail(double degreesOfFreedom, double t) {
        if (Double.isInfinite(t)) {
            return t > 0 ? 0 : 1;
        }
        return TDistribution.of(degreesOfFreedom).survivalProbability(t);
    }

    /** The beta distribution's quantile; exact to relative precision however near to 0 it is. */
    public static double beta(double alpha, double beta, double probability) {
        requireProbability("probability", probability);
        BetaDistribution distribution = BetaDistribution.of(alpha, beta);
        return polished(distribution.inverseCumulativeProbability(probability), 0, 1,
                x -> distribution.cumulativeProbability(x) - probability, distribution::density);
    }

    /** Newton's method on a rising function, kept within the bracket that its signs leave. */
    private static double polished(double start, double from, double to, DoubleUnaryOperator rising,
            DoubleUnaryOperator slope) {
        double low = from;
        double high = to;
        double x = start;
        for (int step = 0; step < NEWTON_STEPS; step++) {
            double error = rising.applyAsDouble(x);
            if (error == 0) {
                return x;
            }
            if (error < 0) {
                low = x;
            } else {
                high = x;
            }
            double next = x - error / slope.applyAsDouble(x);
            // before the bracket, whose end x itself is: a step too small to move it must not throw it far off
            if (Math.abs(next - x) <= PRECISION * Math.abs(x)) {
                return next;
            }
            if (!(next > low && next < high)) {
                next = low + (high - low) / 2;
            }
            x = next;
        }
        return x;
    }

    /** Throws unless 0 &lt; confidence &lt; 1. */
    public static void requireConfidence(double confidence) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "confidence " + confidence + " is not within (0, 1); write 95 % as 0.95");
        }
    }

    /** Throws unless 0 &lt; alpha &lt; 1. */
    public static void requireAlpha(double alpha) {
        requireProbability("alpha", alpha);
    }

    private static void requireProbability(String what, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(what + " " + value + " is not within (0, 1)");
        }
    }
}
