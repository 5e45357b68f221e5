package dev.pareto.policies.cascade;

import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the log-probabilities of an answer's tokens must be at least. A mean favours short answers, so quantiles are the better test
 * (arXiv 2404.10136).
 *
 * @param mean natural logarithm, at most 0; null for no bound, as is the next
 * @param least of the least likely token
 * @param quantiles by share of the tokens, e.g. 0.05
 */
public record LogprobBounds(@Nullable Double mean, @Nullable Double least, Map<Double, Double> quantiles) {

    public LogprobBounds {
        quantiles = Collections.unmodifiableSortedMap(new TreeMap<>(quantiles));
        if (mean == null && least == null && quantiles.isEmpty()) {
            throw new IllegalArgumentException("log-probability needs a mean, a least or quantiles");
        }
        require("mean", mean);
        require("least", least);
        quantiles.forEach((share, bound) -> {
            if (!(share > 0 && share < 1)) {
                throw new IllegalArgumentException("a quantile is above 0 % and below 100 %");
            }
            require("a quantile", bound);
        });
    }

    private static void require(String what, @Nullable Double bound) {
        if (bound != null && !(bound <= 0 && bound >= -100)) {
            throw new IllegalArgumentException(what + " is the logarithm of a probability, -100 to 0, got " + bound);
        }
    }

    /**
     * Which bound is missed, for people; null when all are met.
     *
     * @param logprobs natural logarithms in the order of the tokens; at least one
     */
    public @Nullable String missed(double[] logprobs) {
        double[] sorted = logprobs.clone();
        Arrays.sort(sorted);
        double average = Arrays.stream(sorted).average().orElseThrow();
        if (mean != null && average < mean) {
            return missed("mean", average, mean);
        }
        if (least != null && sorted[0] < least) {
            return missed("least", sorted[0], least);
        }
        for (Map.Entry<Double, Double> quantile : quantiles.entrySet()) {
            double value = sorted[(int) (quantile.getKey() * (sorted.length - 1))];
            if (value < quantile.getValue()) {
                return missed(String.format(Locale.ROOT, "%.0f %% quantile", quantile.getKey() * 100), value,
                        quantile.getValue());
            }
        }
        return null;
    }

    private static String missed(String what, double value, double bound) {
        return String.format(Locale.ROOT, "%s %.2f < %.2f", what, value, bound);
    }
}
