package dev.pareto.evals.stats.paired;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Margins;
import dev.pareto.evals.stats.Moments;
import dev.pareto.evals.stats.Quantiles;

/**
 * The mean of differences that come in groups sampled together, with the standard error of Miller 2024
 * (arXiv 2411.00640). Items of one group are alike, so counting them as independent would claim too much.
 *
 * @param mean mean difference over all items
 * @param standardError cluster-robust, without small-sample factor (CR0)
 * @param correctedStandardError times sqrt(G/(G-1)) (CR1)
 * @param clusters number of groups G
 */
public record ClusteredMean(double mean, double standardError, double correctedStandardError, int clusters) {

    /** Below this many clusters the standard error itself is too uncertain for a verdict. */
    public static final int FEWEST_CLUSTERS = 20;

    /** Groups {@code differences} by the name at the same index of {@code clusters}. */
    public static ClusteredMean of(double[] differences, List<String> clusters) {
        if (differences.length != clusters.size()) {
            throw new IllegalArgumentException("each difference needs its cluster: " + differences.length
                    + " differences, " + clusters.size() + " clusters");
        }
        double mean = Moments.mean(differences);
        Map<String, Double> sums = new HashMap<>();
        for (int i = 0; i < differences.length; i++) {
            sums.merge(clusters.get(i), differences[i] - mean, Double::sum);
        }
        double squares = 0;
        for (double sum : sums.values()) {
            squares += sum * sum;
        }
        double g = sums.size();
        double error = Math.sqrt(squares) / differences.length;
        double corrected = g < 2 ? Double.POSITIVE_INFINITY : error * Math.sqrt(g / (g - 1));
        return new ClusteredMean(mean, error, corrected, sums.size());
    }

    /** Two-sided t interval with G-1 degrees of freedom around the corrected error. */
    public Interval interval(double confidence) {
        Quantiles.requireConfidence(confidence);
        if (clusters < 2) {
            return new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }
        double half = Quantiles.twoSidedStudent(clusters - 1.0, confidence) * correctedStandardError;
        return new Interval(mean - half, mean + half);
    }

    /** One-sided p of "worse by {@code margin} or more". */
    public double nonInferiorityP(double margin) {
        Margins.requireMargin(margin);
        return clusters < 2
                ? 1
                : Quantiles.studentUpperTail(clusters - 1.0, (mean + margin) / correctedStandardError);
    }
}
