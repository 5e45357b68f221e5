package dev.pareto.policies.predict.floor;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * Sets the escalation threshold so that the loss against the strong model stays within a margin. A prompt whose score is below the
 * threshold stays with the weak model, and loses what the strong one alone would have got: {@code max(0, strong - weak)}. That loss
 * never falls as the threshold rises, so both methods walk up a grid that was fixed beforehand and stop at the first failure.
 */
public final class FloorControl {

    /** What is promised, and how. */
    public enum Method {
        /**
         * Learn-then-test with a fixed sequence (arXiv 2110.01052): with the stated confidence the loss is within the margin. Exact
         * binomial p-values (Clopper and Pearson) for losses of 0 and 1, Hoeffding-Bentkus for graded ones.
         */
        LEARN_THEN_TEST,
        /** Conformal risk control (arXiv 2208.02814): the loss is within the margin on average over calibration sets. */
        CONFORMAL,
        /** The highest threshold whose observed loss is within the margin: no promise, for comparison. */
        NAIVE
    }

    /** What came of it. */
    public sealed interface Threshold {}

    /**
     * Prompts that score below it may stay with the weak model.
     *
     * @param below the threshold; negative infinity keeps none
     * @param labels how many it rests on
     * @param observedLoss on those
     * @param strongShare the share of them that goes to the strong model
     */
    public record Safe(double below, int labels, double observedLoss, double strongShare) implements Threshold {}

    /**
     * Even a perfect record would prove nothing yet; everything goes to the strong model.
     *
     * @param labels how many there are
     * @param missing how many more it takes at least
     */
    public record TooFewLabels(int labels, int missing) implements Threshold {}

    private static final int STEPS = 2000;

    private final double margin;
    private final double delta;

    /**
     * @param margin the loss that is allowed, e.g. 0.05
     * @param delta the probability with which the promise may fail, e.g. 0.1
     */
    public FloorControl(double margin, double delta) {
        requirePromise(margin, delta);
        this.margin = margin;
        this.delta = delta;
    }

    /** @throws IllegalArgumentException when this is no promise */
    public static void requirePromise(double margin, double delta) {
        if (!(margin > 0 && margin < 1)) {
            throw new IllegalArgumentException("the margin is between 0 and 1, not " + margin);
        }
        if (!(delta > 0 && delta < 1)) {
            throw new IllegalArgumentException("delta is between 0 and 1, not " + delta);
        }
    }

    /** The fewest labels with which this method can promise anything. */
    public int leastLabels(Method method) {
        return switch (method) {
            case LEARN_THEN_TEST -> (int) Math.ceil(Math.log(delta) / Math.log1p(-margin));
            case CONFORMAL -> (int) Math.ceil((1 - margin) / margin);
            case NAIVE -> 1;
        };
    }

    /**
     * @param scores in [-1, 1], the higher the sooner to the strong model
     * @param strong the strong model's scores, in [0, 1]
     * @param weak the weak model's
     */
    public Threshold threshold(Method method, double[] scores, double[] strong, double[] weak) {
        int n = scores.length;
        int least = leastLabels(method);
        if (n < least) {
            return new TooFewLabels(n, least - n);
        }
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(scores[a], scores[b]));
        double sum = 0;
        boolean graded = false;
        int kept = 0;
        double best = Double.NEGATIVE_INFINITY;
        double bestLoss = 0;
        int bestKept = 0;
        for (int step = 0; step <= STEPS; step++) {
            double threshold = -1 + 2.0 * step / STEPS;
            while (kept < n && scores[order[kept]] < threshold) {
                double loss = Math.max(0, strong[order[kept]] - weak[order[kept]]);
                graded |= loss != 0 && loss != 1;
                sum += loss;
                kept++;
            }
            if (!holds(method, sum, n, graded)) {
                break;
            }
            best = threshold;
            bestLoss = sum / n;
            bestKept = kept;
        }
        return new Safe(best, n, bestLoss, 1 - (double) bestKept / n);
    }

    private boolean holds(Method method, double sum, int n, boolean graded) {
        return switch (method) {
            case NAIVE -> sum / n <= margin;
            case CONFORMAL -> (sum + 1) / (n + 1) <= margin;
            case LEARN_THEN_TEST -> pValue(sum, n, graded) <= delta;
        };
    }

    /** The probability of a loss as small as this if the true one were at the margin. */
    private double pValue(double sum, int n, boolean graded) {
        BinomialDistribution losses = BinomialDistribution.of(n, margin);
        if (!graded) {
            return losses.cumulativeProbability((int) Math.rint(sum));
        }
        double mean = sum / n;
        if (mean >= margin) {
            return 1;
        }
        double hoeffding = Math.exp(-n * (entropy(mean, margin) + entropy(1 - mean, 1 - margin)));
        double bentkus = Math.E * losses.cumulativeProbability((int) Math.ceil(sum));
        return Math.min(hoeffding, bentkus);
    }

    private static double entropy(double a, double b) {
        return a == 0 ? 0 : a * Math.log(a / b);
    }
}
