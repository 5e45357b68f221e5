package dev.pareto.evals.stats.arms;

import java.util.List;

import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * Pearson's chi-square test that requests were split as configured, for one look at the end (Fabijan et al. 2019). While an
 * experiment runs use {@code dev.pareto.policies.detect.SampleRatio}, which may be looked at all the time.
 *
 * @param chiSquared the statistic
 * @param p its p value; below 0.0005 the experiment is not to be trusted
 */
public record SampleRatioTest(double chiSquared, double p) {

    private static final double ROUNDING = 1e-9;

    /** Tests counts against positive shares that sum to 1, in the same order. */
    public static SampleRatioTest of(List<Long> counts, List<Double> shares) {
        if (counts.size() != shares.size() || counts.size() < 2) {
            throw new IllegalArgumentException("need a count and a share for each of two or more arms, have " + counts
                    + " and " + shares);
        }
        double sum = shares.stream().mapToDouble(Double::doubleValue).sum();
        if (!(Math.abs(sum - 1) <= ROUNDING) || shares.stream().anyMatch(share -> !(share > 0))
                || counts.stream().anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException("shares must be positive and sum to 1, counts must not be negative: "
                    + shares + ", " + counts);
        }
        double n = counts.stream().mapToDouble(Long::doubleValue).sum();
        if (n == 0) {
            return new SampleRatioTest(0, 1);
        }
        double statistic = 0;
        for (int arm = 0; arm < counts.size(); arm++) {
            double expected = n * shares.get(arm);
            double distance = counts.get(arm) - expected;
            statistic += distance * distance / expected;
        }
        return new SampleRatioTest(statistic,
                ChiSquaredDistribution.of(counts.size() - 1.0).survivalProbability(statistic));
    }
}
