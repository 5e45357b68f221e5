package dev.pareto.evals.stats.arms;

import dev.pareto.evals.stats.Moments;

/**
 * Variance reduction by what was known of each unit before the experiment (CUPED: Deng, Xu, Kohavi &amp; Walker 2013): the part
 * of the outcome that the earlier value foretells is taken away from it, which leaves the mean as it is. Fit it on all
 * arms together, then compare the adjusted outcomes.
 *
 * @param theta slope of the outcome on the earlier value; 0 when that never varies
 * @param priorMean mean of the earlier values
 * @param variance of the outcomes
 * @param adjustedVariance of the adjusted outcomes, n-1 in the denominator
 * @param correlation of outcome and earlier value; 0 when either never varies
 */
public record Cuped(double theta, double priorMean, double variance, double adjustedVariance, double correlation) {

    /** Fits on units whose earlier value and outcome stand at the same index; at least two. */
    public static Cuped fit(double[] prior, double[] outcome) {
        double priorVariance = Moments.sampleVariance(prior);
        double variance = Moments.sampleVariance(outcome);
        double covariance = Moments.sampleCovariance(prior, outcome);
        double theta = priorVariance == 0 ? 0 : covariance / priorVariance;
        double correlation = priorVariance == 0 || variance == 0
                ? 0
                : Math.clamp(covariance / Math.sqrt(priorVariance) / Math.sqrt(variance), -1, 1);
        double priorMean = Moments.mean(prior);
        double[] adjusted = new double[prior.length];
        for (int i = 0; i < adjusted.length; i++) {
            adjusted[i] = outcome[i] - theta * (prior[i] - priorMean);
        }
        return new Cuped(theta, priorMean, variance, Moments.sampleVariance(adjusted), correlation);
    }

    /** One unit's outcome without what its earlier value foretold. */
    public double adjust(double prior, double outcome) {
        return outcome - theta * (prior - priorMean);
    }

    /** Share of the variance that is gone: so many fewer units give the same precision. */
    public double reduction() {
        return variance == 0 ? 0 : 1 - adjustedVariance / variance;
    }
}
