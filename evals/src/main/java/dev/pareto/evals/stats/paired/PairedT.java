package dev.pareto.evals.stats.paired;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Margins;
import dev.pareto.evals.stats.Moments;
import dev.pareto.evals.stats.Quantiles;

/**
 * Student's t on paired differences, for scores that are not just pass or fail.
 *
 * @param n number of pairs, at least 2
 * @param mean mean difference
 * @param standardDeviation of the differences, n-1 in the denominator
 */
public record PairedT(int n, double mean, double standardDeviation) {

    /** Refuses fewer than two pairs. */
    public PairedT {
        if (n < 2) {
            throw new IllegalArgumentException("a t interval needs at least 2 pairs, has " + n);
        }
    }

    /** Summarises the differences. */
    public static PairedT of(double[] differences) {
        int n = differences.length;
        double mean = Moments.mean(differences);
        return new PairedT(n, mean, n < 2 ? 0 : Math.sqrt(Moments.sampleVariance(differences)));
    }

    /** Standard error of the mean difference. */
    public double standardError() {
        return standardDeviation / Math.sqrt(n);
    }

    /** Two-sided interval for the mean difference. */
    public Interval interval(double confidence) {
        double half = Quantiles.twoSidedStudent(n - 1.0, confidence) * standardError();
        return new Interval(mean - half, mean + half);
    }

    /** t for the hypothesis that the true mean is {@code hypothesis}; infinite when all differences are alike but other. */
    public double t(double hypothesis) {
        return mean == hypothesis ? 0 : (mean - hypothesis) / standardError();
    }

    /** Two-sided p of "the mean difference is zero". */
    public double p() {
        return Math.min(1, 2 * Quantiles.studentUpperTail(n - 1.0, Math.abs(t(0))));
    }

    /** One-sided p of "worse by {@code margin} or more". */
    public double nonInferiorityP(double margin) {
        Margins.requireMargin(margin);
        return Quantiles.studentUpperTail(n - 1.0, t(-margin));
    }

    /** p of the two one-sided tests for equivalence within {@code margin} (Schuirmann 1987). */
    public double equivalenceP(double margin) {
        return Math.max(nonInferiorityP(margin), Quantiles.studentUpperTail(n - 1.0, -t(margin)));
    }
}
