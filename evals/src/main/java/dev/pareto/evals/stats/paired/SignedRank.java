package dev.pareto.evals.stats.paired;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

import dev.pareto.evals.stats.Quantiles;

/**
 * Wilcoxon's signed-rank test with mid-ranks for ties, zeros left out, normal approximation (Wilcoxon 1945).
 * Differences tie when they are equal as doubles, so round scores first if they come from decimals.
 *
 * @param w the smaller of the two rank sums
 * @param z standardised, without continuity correction
 * @param p two-sided
 */
public record SignedRank(double w, double z, double p) {

    /** Ranks the absolute differences. */
    public static SignedRank of(double[] differences) {
        for (double difference : differences) {
            requireFinite(difference);
        }
        List<Double> nonZero = Arrays.stream(differences)
                .filter(d -> d != 0)
                .boxed()
                .sorted(Comparator.comparingDouble(Math::abs))
                .toList();
        double positive = 0;
        double negative = 0;
        double ties = 0;
        int start = 0;
        while (start < nonZero.size()) {
            int end = start;
            while (end < nonZero.size() && Math.abs(nonZero.get(end)) == Math.abs(nonZero.get(start))) {
                end++;
            }
            double rank = (start + 1 + end) / 2.0;
            for (double d : nonZero.subList(start, end)) {
                if (d > 0) {
                    positive += rank;
                } else {
                    negative += rank;
                }
            }
            double size = end - start;
            ties += size * size * size - size;
            start = end;
        }
        double n = nonZero.size();
        double w = Math.min(positive, negative);
        double variance = n * (n + 1) * (2 * n + 1) / 24 - ties / 48;
        double z = variance == 0 ? 0 : (w - n * (n + 1) / 4) / Math.sqrt(variance);
        return new SignedRank(w, z, Math.min(1, 2 * Quantiles.normalCumulative(-Math.abs(z))));
    }

    private static void requireFinite(double difference) {
        if (!Double.isFinite(difference)) {
            throw new IllegalArgumentException("a difference must be finite, one is " + difference);
        }
    }
}
