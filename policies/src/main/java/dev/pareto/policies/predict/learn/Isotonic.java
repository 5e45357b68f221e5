package dev.pareto.policies.predict.learn;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Maps a score to a probability by the rising steps that fit best (pool adjacent violators; Zadrozny and Elkan 2002), joined by straight
 * lines from step to step, so that what scores higher keeps a higher probability within a step too. For 500 labels and more: with fewer
 * the steps follow the noise.
 *
 * @param scores rising
 * @param probabilities of the same length, never falling, in [0.01, 0.99]
 */
public record Isotonic(double[] scores, double[] probabilities) implements Calibration {

    /** From so many labels on it is worth trying. */
    public static final int LEAST_LABELS = 500;

    private static final double EDGE = 0.01;

    public Isotonic {
        scores = scores.clone();
        probabilities = probabilities.clone();
        if (scores.length == 0 || scores.length != probabilities.length) {
            throw new IllegalArgumentException(
                    "as many scores as probabilities, not " + scores.length + " and " + probabilities.length);
        }
        for (int i = 0; i < scores.length; i++) {
            boolean rising = i == 0 || (scores[i] > scores[i - 1] && probabilities[i] >= probabilities[i - 1]);
            if (!rising || !(probabilities[i] >= EDGE - 1e-9 && probabilities[i] <= 1 - EDGE + 1e-9)
                    || !Double.isFinite(scores[i])) {
                throw new IllegalArgumentException("steps that do not rise at " + i);
            }
        }
    }

    /**
     * Fits to outcomes in [0, 1]; a NaN among them is left out.
     *
     * @throws IllegalArgumentException when no outcome is known
     */
    public static Isotonic fit(double[] scores, double[] outcomes) {
        int[] order = IntStream.range(0, scores.length)
                .filter(i -> !Double.isNaN(outcomes[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> scores[i]))
                .mapToInt(i -> i)
                .toArray();
        double[] score = new double[order.length];
        double[] sum = new double[order.length];
        double[] weight = new double[order.length];
        int blocks = 0;
        for (int i : order) {
            score[blocks] = scores[i];
            sum[blocks] = outcomes[i];
            weight[blocks++] = 1;
            while (blocks > 1 && (sum[blocks - 2] * weight[blocks - 1] >= sum[blocks - 1] * weight[blocks - 2]
                    || score[blocks - 2] / weight[blocks - 2] > score[blocks - 1] / weight[blocks - 1] - 1e-12)) {
                blocks--;
                score[blocks - 1] += score[blocks];
                sum[blocks - 1] += sum[blocks];
                weight[blocks - 1] += weight[blocks];
            }
        }
        double[] at = new double[blocks];
        double[] probability = new double[blocks];
        for (int block = 0; block < blocks; block++) {
            at[block] = score[block] / weight[block];
            probability[block] = Math.clamp(sum[block] / weight[block], EDGE, 1 - EDGE);
        }
        return new Isotonic(at, probability);
    }

    @Override
    public double apply(double score) {
        int found = Arrays.binarySearch(scores, score);
        if (found >= 0) {
            return probabilities[found];
        }
        int above = -found - 1;
        if (above == 0) {
            return probabilities[0];
        }
        if (above == scores.length) {
            return probabilities[scores.length - 1];
        }
        double part = (score - scores[above - 1]) / (scores[above] - scores[above - 1]);
        return probabilities[above - 1] + part * (probabilities[above] - probabilities[above - 1]);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Isotonic that && Arrays.equals(scores, that.scores)
                && Arrays.equals(probabilities, that.probabilities);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(scores) * 31 + Arrays.hashCode(probabilities);
    }

    @Override
    public String toString() {
        return "Isotonic[" + scores.length + " steps]";
    }
}
