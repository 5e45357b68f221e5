package dev.pareto.evals.stats.agreement;

import java.util.Comparator;
import java.util.stream.IntStream;

import dev.pareto.evals.stats.Moments;
import dev.pareto.evals.stats.Quantiles;

import org.jspecify.annotations.Nullable;

/** Whether two series rise together; each is null when one of them never varies. At least two pairs, all finite. */
public final class Correlation {

    private Correlation() {}

    /** A coefficient with the two-sided p value of "unrelated" by Student's t; null below three pairs. */
    public record Spearman(double coefficient, @Nullable Double p) {}

    /** Pearson's product-moment coefficient. */
    public static @Nullable Double pearson(double[] x, double[] y) {
        double covariance = Moments.sampleCovariance(x, y);
        double first = Math.sqrt(Moments.sampleVariance(x));
        double second = Math.sqrt(Moments.sampleVariance(y));
        return first == 0 || second == 0 ? null : (Double) Math.clamp(covariance / first / second, -1, 1);
    }

    /** Spearman's coefficient: Pearson's of the ranks, ties at their middle rank. */
    public static @Nullable Spearman spearman(double[] x, double[] y) {
        Double coefficient = pearson(ranks(x), ranks(y));
        if (coefficient == null) {
            return null;
        }
        double freedom = x.length - 2.0;
        if (freedom < 1) {
            return new Spearman(coefficient, null);
        }
        double t = Math.abs(coefficient) * Math.sqrt(freedom / ((1 - coefficient) * (1 + coefficient)));
        return new Spearman(coefficient, Math.min(1, 2 * Quantiles.studentUpperTail(freedom, t)));
    }

    /** Kendall's tau-b, which allows for ties; compares each pair of items. */
    public static @Nullable Double kendall(double[] x, double[] y) {
        Moments.sampleCovariance(x, y);
        long balance = 0;
        long firstUntied = 0;
        long secondUntied = 0;
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < i; j++) {
                int first = Double.compare(x[i], x[j]);
                int second = Double.compare(y[i], y[j]);
                balance += (long) Integer.signum(first) * Integer.signum(second);
                firstUntied += Math.abs(Integer.signum(first));
                secondUntied += Math.abs(Integer.signum(second));
            }
        }
        return firstUntied == 0 || secondUntied == 0
                ? null
                : (Double) (balance / Math.sqrt((double) firstUntied) / Math.sqrt((double) secondUntied));
    }

    private static double[] ranks(double[] values) {
        Moments.mean(values);
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] ranks = new double[values.length];
        int start = 0;
        while (start < order.length) {
            int end = start;
            while (end < order.length && values[order[end]] == values[order[start]]) {
                end++;
            }
            for (int k = start; k < end; k++) {
                ranks[order[k]] = (start + 1 + end) / 2.0;
            }
            start = end;
        }
        return ranks;
    }
}
