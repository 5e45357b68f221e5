package dev.pareto.evals.stats.paired;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Moments;
import dev.pareto.evals.stats.Quantiles;

/**
 * What one right answer costs with the candidate, as a ratio to the incumbent: (cost_X / score_X) / (cost_Y / score_Y)
 * of paired means, with the standard error of its logarithm by the delta method.
 *
 * @param ratio below 1 when the candidate is cheaper
 * @param logStandardError of ln(ratio)
 */
public record SuccessCostRatio(double ratio, double logStandardError) {

    /** Values of one item stand at the same index; all four means must be positive. */
    public static SuccessCostRatio of(double[] costX, double[] scoreX, double[] costY, double[] scoreY) {
        if (scoreX.length != costX.length || costY.length != costX.length || scoreY.length != costX.length) {
            throw new IllegalArgumentException("the four series must be equally long");
        }
        double meanCostX = positive(costX);
        double meanScoreX = positive(scoreX);
        double meanCostY = positive(costY);
        double meanScoreY = positive(scoreY);
        double[] influence = new double[costX.length];
        for (int i = 0; i < influence.length; i++) {
            influence[i] = costX[i] / meanCostX - scoreX[i] / meanScoreX - costY[i] / meanCostY
                    + scoreY[i] / meanScoreY;
        }
        return new SuccessCostRatio(meanCostX / meanScoreX / (meanCostY / meanScoreY),
                Math.sqrt(Moments.sampleVariance(influence) / influence.length));
    }

    /** Two-sided interval, symmetric on the log scale. */
    public Interval interval(double confidence) {
        double half = Quantiles.twoSidedNormal(confidence) * logStandardError;
        return new Interval(ratio * Math.exp(-half), ratio * Math.exp(half));
    }

    private static double positive(double[] values) {
        double mean = Moments.mean(values);
        if (!(mean > 0)) {
            throw new IllegalArgumentException("every mean must be positive, one is " + mean);
        }
        return mean;
    }
}
