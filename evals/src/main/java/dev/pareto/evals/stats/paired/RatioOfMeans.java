package dev.pareto.evals.stats.paired;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Moments;
import dev.pareto.evals.stats.Quantiles;

/**
 * The ratio of two paired means with its standard error by the delta method, e.g. cost against cost.
 *
 * @param ratio mean of the numerators over mean of the denominators
 * @param standardError of the ratio
 */
public record RatioOfMeans(double ratio, double standardError) {

    /** Numerator and denominator of the same item stand at the same index; both means must be positive. */
    public static RatioOfMeans of(double[] numerators, double[] denominators) {
        if (numerators.length != denominators.length) {
            throw new IllegalArgumentException("each numerator needs its denominator: " + numerators.length + " and "
                    + denominators.length);
        }
        double top = Moments.mean(numerators);
        double bottom = Moments.mean(denominators);
        if (!(top > 0) || !(bottom > 0)) {
            throw new IllegalArgumentException("both means must be positive, are " + top + " and " + bottom);
        }
        double ratio = top / bottom;
        double variance = (Moments.sampleVariance(numerators)
                - 2 * ratio * Moments.sampleCovariance(numerators, denominators)
                + ratio * ratio * Moments.sampleVariance(denominators)) / (numerators.length * bottom * bottom);
        return new RatioOfMeans(ratio, Math.sqrt(Math.max(0, variance)));
    }

    /** Two-sided interval, symmetric on the log scale. */
    public Interval interval(double confidence) {
        double half = Quantiles.twoSidedNormal(confidence) * standardError / ratio;
        return new Interval(ratio * Math.exp(-half), ratio * Math.exp(half));
    }
}
