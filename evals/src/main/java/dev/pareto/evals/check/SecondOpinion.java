package dev.pareto.evals.check;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/** The procedures once more, from their definitions: likelihoods maximised by search, bounds found by bisection. Stateless. */
final class SecondOpinion {

    private static final int STEPS = 120;

    private SecondOpinion() {}

    /** An interval. */
    record Range(double lower, double upper) {}

    /** Tango's score interval: where the constrained likelihood's score statistic is the normal quantile. */
    static Range tango(int b, int c, int n, double confidence) {
        double z = normal(confidence);
        double observed = (double) (b - c) / n;
        double lower = b - c == -n ? -1 : bisect(d -> score(b, c, n, d) - z, -1 + 1e-9, observed);
        double upper = b - c == n ? 1 : bisect(d -> score(b, c, n, d) + z, observed, 1 - 1e-9);
        return new Range(lower, upper);
    }

    /** One-sided p of "worse by {@code margin} or more". */
    static double tangoP(int b, int c, int n, double margin) {
        return NormalDistribution.of(0, 1).survivalProbability(score(b, c, n, -margin));
    }

    static double score(int b, int c, int n, double difference) {
        double low = Math.max(0, -difference);
        double high = (1 - difference) / 2;
        for (int i = 0; i < 200; i++) {
            double left = low + (high - low) / 3;
            double right = high - (high - low) / 3;
            if (likelihood(b, c, n, difference, left) < likelihood(b, c, n, difference, right)) {
                low = left;
            } else {
                high = right;
            }
        }
        double q = (low + high) / 2;
        double numerator = b - c - n * difference;
        double variance = n * (2 * q + difference - difference * difference);
        return variance <= 1e-12 ? Math.signum(numerator) * 1e9 : numerator / Math.sqrt(variance);
    }

    private static double likelihood(int b, int c, int n, double difference, double q) {
        return log(b, q + difference) + log(c, q) + log(n - b - c, 1 - 2 * q - difference);
    }

    private static double log(int count, double probability) {
        return count == 0 ? 0 : count * Math.log(Math.max(probability, 1e-300));
    }

    static Range student(double[] d, double confidence) {
        double error = Math.sqrt(variance(d) / d.length);
        return around(mean(d), TDistribution.of(d.length - 1.0).inverseSurvivalProbability((1 - confidence) / 2)
                * error);
    }

    static double studentP(double[] d, double margin) {
        return TDistribution.of(d.length - 1.0)
                .survivalProbability((mean(d) + margin) / Math.sqrt(variance(d) / d.length));
    }

    /** Residuals summed within each group, then squared. */
    static Range clustered(double[] d, List<String> groups, double confidence) {
        Clustered c = Clustered.of(d, groups);
        return around(mean(d), TDistribution.of(c.groups() - 1).inverseSurvivalProbability((1 - confidence) / 2)
                * c.error());
    }

    static double clusteredP(double[] d, List<String> groups, double margin) {
        Clustered c = Clustered.of(d, groups);
        return TDistribution.of(c.groups() - 1).survivalProbability((mean(d) + margin) / c.error());
    }

    static double clusteredError(double[] d, List<String> groups) {
        return Clustered.of(d, groups).error();
    }

    private record Clustered(double groups, double error) {

        static Clustered of(double[] d, List<String> names) {
            double mean = mean(d);
            Map<String, Double> sums = new LinkedHashMap<>();
            for (int i = 0; i < d.length; i++) {
                sums.merge(names.get(i), d[i] - mean, Double::sum);
            }
            double g = sums.size();
            double squares = sums.values().stream().mapToDouble(sum -> sum * sum).sum();
            return new Clustered(g, Math.sqrt(squares * g / (g - 1)) / d.length);
        }
    }

    /**
     * Strata, each with its weight.
     *
     * @param error standard error of the mean
     */
    record Stratified(double mean, double error) {

        static Stratified of(Map<String, double[]> strata, Map<String, Double> weights) {
            double total = weights.values().stream().mapToDouble(Double::doubleValue).sum();
            double mean = 0;
            double variance = 0;
            for (Map.Entry<String, double[]> stratum : strata.entrySet()) {
                double[] d = stratum.getValue();
                double share = weights.getOrDefault(stratum.getKey(), 0.0) / total;
                mean += share * SecondOpinion.mean(d);
                variance += share * share * SecondOpinion.variance(d) / d.length;
            }
            return new Stratified(mean, Math.sqrt(variance));
        }

        Range interval(double confidence) {
            return around(mean, normal(confidence) * error);
        }

        double p(double margin) {
            return NormalDistribution.of(0, 1).survivalProbability((mean + margin) / error);
        }
    }

    /** The largest mean that the bets of the sequential test refute, and its mirror image. */
    static Range anytime(double[] d, double margin, double alpha) {
        double lower = bet(d, margin, alpha);
        double upper = -bet(Arrays.stream(d).map(x -> -x).toArray(), margin, alpha);
        return new Range(lower, Math.max(lower, upper));
    }

    private static double bet(double[] d, double margin, double alpha) {
        DoubleUnaryOperator capital = mean -> {
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < d.length; i++) {
                double predicted = (5 + squares) / (20 + i);
                double stake = Math.min(margin / (predicted + margin * margin), 0.9 / (1 + mean));
                sum += Math.log1p(stake * (d[i] - mean));
                squares += d[i] * d[i];
            }
            return sum + Math.log(alpha);
        };
        return capital.applyAsDouble(-0.999999) < 0 ? -1 : bisect(capital, -0.999999, 0.999999);
    }

    /**
     * Log capital for and against, and the number of differences after which one of them sufficed, or all.
     *
     * @param highest that the capital for ever was
     */
    record Replay(double nonInferior, double inferior, int used, boolean decided, double highest) {}

    static Replay replay(double[] d, double margin, double alpha, int fewest) {
        double pro = 0;
        double against = 0;
        double squares = 0;
        double highest = 0;
        for (int i = 0; i < d.length; i++) {
            double stake = margin / ((5 + squares) / (20 + i) + margin * margin);
            pro += Math.log1p(Math.min(stake, 0.9 / (1 - margin)) * (d[i] + margin));
            against += Math.log1p(-Math.min(stake, 0.9 / (1 + margin)) * (d[i] + margin));
            squares += d[i] * d[i];
            highest = Math.max(highest, pro);
            if (i + 1 >= fewest && Math.max(pro, against) >= -Math.log(alpha)) {
                return new Replay(pro, against, i + 1, true, highest);
            }
        }
        return new Replay(pro, against, d.length, false, highest);
    }

    /** After how many looks the bets are won if what was seen comes again and again; -1 when not within a million. */
    static double looks(double[] d, double margin, double alpha) {
        double pro = 0;
        double squares = 0;
        for (int i = 0; i < 1_000_000; i++) {
            double one = d[i % d.length];
            double stake = margin / ((5 + squares) / (20 + i) + margin * margin);
            pro += Math.log1p(Math.min(stake, 0.9 / (1 - margin)) * (one + margin));
            squares += one * one;
            if (pro >= -Math.log(alpha)) {
                return i + 1;
            }
        }
        return -1;
    }

    static double mean(double[] d) {
        return Arrays.stream(d).sum() / d.length;
    }

    private static double variance(double[] d) {
        double mean = mean(d);
        return Arrays.stream(d).map(x -> (x - mean) * (x - mean)).sum() / (d.length - 1);
    }

    private static double normal(double confidence) {
        return NormalDistribution.of(0, 1).inverseSurvivalProbability((1 - confidence) / 2);
    }

    private static Range around(double mean, double half) {
        return new Range(mean - half, mean + half);
    }

    /** Where a falling function is zero; the end that is nearest when it never is. */
    static double bisect(DoubleUnaryOperator falling, double from, double to) {
        double low = from;
        double high = to;
        for (int i = 0; i < STEPS; i++) {
            double middle = (low + high) / 2;
            if (falling.applyAsDouble(middle) >= 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }
}
