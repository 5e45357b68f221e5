package dev.pareto.evals.stats.paired;

import java.util.List;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Margins;
import dev.pareto.evals.stats.Moments;
import dev.pareto.evals.stats.Quantiles;

/**
 * The weighted mean over fixed categories (Cochran, Sampling Techniques, ch. 5): the estimate is
 * sum w_h m_h, its variance sum w_h^2 s_h^2 / n_h.
 *
 * @param mean weighted mean difference
 * @param standardError its standard error
 */
public record StratifiedMean(double mean, double standardError) {

    /** One category: its share of the traffic and the differences seen in it (at least two). */
    public record Stratum(double weight, List<Double> differences) {

        /** Copies the differences. */
        public Stratum {
            differences = List.copyOf(differences);
            if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY) || differences.size() < 2) {
                throw new IllegalArgumentException("a stratum needs a weight >= 0 and at least 2 items");
            }
        }
    }

    /** Combines strata; weights are divided by their sum. */
    public static StratifiedMean of(List<Stratum> strata) {
        double total = strata.stream().mapToDouble(Stratum::weight).sum();
        if (!(total > 0)) {
            throw new IllegalArgumentException("the weights sum to " + total);
        }
        double mean = 0;
        double variance = 0;
        for (Stratum stratum : strata) {
            double[] d = stratum.differences().stream().mapToDouble(Double::doubleValue).toArray();
            double w = stratum.weight() / total;
            mean += w * Moments.mean(d);
            variance += w * w * Moments.sampleVariance(d) / d.length;
        }
        return new StratifiedMean(mean, Math.sqrt(variance));
    }

    /** One-sided p of "worse by {@code margin} or more", of differences. */
    public double nonInferiorityP(double margin) {
        Margins.requireMargin(margin);
        return Quantiles.normalUpperTail((mean + margin) / standardError);
    }

    /** Two-sided normal interval. */
    public Interval interval(double confidence) {
        double half = Quantiles.twoSidedNormal(confidence) * standardError;
        return new Interval(mean - half, mean + half);
    }
}
