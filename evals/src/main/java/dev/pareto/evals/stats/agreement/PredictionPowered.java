package dev.pareto.evals.stats.agreement;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Margins;
import dev.pareto.evals.stats.Moments;
import dev.pareto.evals.stats.Quantiles;

/**
 * A mean from many judged and few human labels (PPI++: Angelopoulos, Duchi &amp; Zrnic 2023, arXiv 2311.01453): the judge's mean,
 * corrected by how far it was off where a person labelled too. Valid however bad the judge is; a good one makes it
 * shorter. For a comparison feed paired differences.
 *
 * @param estimate the mean
 * @param standardError of the estimate
 * @param lambda how far the judge is trusted: 0 not at all, 1 in full
 */
public record PredictionPowered(double estimate, double standardError, double lambda) {

    /** With the trust that makes the interval shortest. */
    public static PredictionPowered of(double[] human, double[] judgeOnSame, double[] judgeOnRest) {
        return of(human, judgeOnSame, judgeOnRest, bestTrust(human, judgeOnSame, judgeOnRest));
    }

    /**
     * With a trust fixed beforehand.
     *
     * @param human labels by people, at least two
     * @param judgeOnSame the judge's scores of the same items, at the same index
     * @param judgeOnRest the judge's scores of items that no person labelled, at least one
     */
    public static PredictionPowered of(double[] human, double[] judgeOnSame, double[] judgeOnRest, double lambda) {
        requireLengths(human, judgeOnSame, judgeOnRest);
        if (!(lambda >= 0 && lambda <= 1)) {
            throw new IllegalArgumentException("lambda " + lambda + " is not within [0, 1]");
        }
        double[] rectifier = new double[human.length];
        for (int i = 0; i < rectifier.length; i++) {
            rectifier[i] = human[i] - lambda * judgeOnSame[i];
        }
        double variance = lambda * lambda * Moments.populationVariance(judgeOnRest) / judgeOnRest.length
                + Moments.populationVariance(rectifier) / rectifier.length;
        return new PredictionPowered(lambda * Moments.mean(judgeOnRest) + Moments.mean(rectifier), Math.sqrt(variance),
                lambda);
    }

    /** One-sided p of "worse by {@code margin} or more", of differences. */
    public double nonInferiorityP(double margin) {
        Margins.requireMargin(margin);
        return Quantiles.normalUpperTail((estimate + margin) / standardError);
    }

    /** Two-sided normal interval. */
    public Interval interval(double confidence) {
        double half = Quantiles.twoSidedNormal(confidence) * standardError;
        return new Interval(estimate - half, estimate + half);
    }

    private static double bestTrust(double[] human, double[] judgeOnSame, double[] judgeOnRest) {
        requireLengths(human, judgeOnSame, judgeOnRest);
        double[] all = new double[judgeOnSame.length + judgeOnRest.length];
        System.arraycopy(judgeOnSame, 0, all, 0, judgeOnSame.length);
        System.arraycopy(judgeOnRest, 0, all, judgeOnSame.length, judgeOnRest.length);
        double variance = Moments.sampleVariance(all);
        if (variance == 0) {
            return 0;
        }
        double covariance = Moments.products(human, judgeOnSame) / human.length;
        return Math.clamp(covariance / ((1 + (double) human.length / judgeOnRest.length) * variance), 0, 1);
    }

    private static void requireLengths(double[] human, double[] judgeOnSame, double[] judgeOnRest) {
        if (human.length < 2 || human.length != judgeOnSame.length || judgeOnRest.length < 1) {
            throw new IllegalArgumentException(
                    "need two or more items labelled by people and judge, and one or more by the"
                            + " judge alone; have " + human.length + ", " + judgeOnSame.length + " and "
                            + judgeOnRest.length);
        }
    }
}
