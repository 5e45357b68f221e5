package dev.pareto.evals.stats.arms;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Moments;
import dev.pareto.evals.stats.Quantiles;

/**
 * Welch's t for two independent samples of unequal variance (Welch 1947).
 *
 * @param difference mean of the first minus mean of the second
 * @param standardError of the difference
 * @param degreesOfFreedom by Satterthwaite's formula
 */
public record Welch(double difference, double standardError, double degreesOfFreedom) {

    /** Summarises two samples of at least two values each. */
    public static Welch of(double[] first, double[] second) {
        double v1 = Moments.sampleVariance(first) / first.length;
        double v2 = Moments.sampleVariance(second) / second.length;
        double freedom = v1 + v2 == 0
                ? first.length + second.length - 2.0
                : (v1 + v2) * (v1 + v2) / (v1 * v1 / (first.length - 1) + v2 * v2 / (second.length - 1));
        return new Welch(Moments.mean(first) - Moments.mean(second), Math.sqrt(v1 + v2), freedom);
    }

    /** t for the hypothesis of equal means; infinite when neither sample varies and they differ. */
    public double t() {
        return difference == 0 ? 0 : difference / standardError;
    }

    /** Two-sided p. */
    public double p() {
        return Math.min(1, 2 * Quantiles.studentUpperTail(degreesOfFreedom, Math.abs(t())));
    }

    /** Two-sided interval for the difference. */
    public Interval interval(double confidence) {
        double half = Quantiles.twoSidedStudent(degreesOfFreedom, confidence) * standardError;
        return new Interval(difference - half, difference + half);
    }
}
