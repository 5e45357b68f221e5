package dev.pareto.policies.bandit;

import dev.pareto.policies.detect.RateDetector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One model's probability of a good answer by context: ridge regression whose labels fade, kept by its inverse (Sherman &amp; Morrison)
 * and made anew now and then so that neither rounding nor fading takes the ridge away; and a watch for a sudden change, which forgets all
 * but the newest labels. Not thread-safe.
 */
final class SuccessHead {

    /** A label between 0 and 1 has at most this standard deviation. */
    private static final double NOISE = 0.5;
    private static final int RENEW = 64;
    private static final int RECENT = 8;
    /** Before so many labels nobody knows what a change would be. */
    private static final int KNOWN = 50;
    /** How far beyond what is usual the watch's bets look, as parts of the way to 1. */
    private static final double[] BETS = {0.12, 0.3, 0.6};

    private final int dimension;
    private final double least;
    private double ridge;
    private final double[] gram;
    private double[] inverse;
    private final double[] sums;
    private double[] theta;
    private double prior;
    private long chosen;
    private long labels;
    private long alarms;
    private RateDetector worse = RateDetector.fresh(BETS.length);
    private RateDetector better = RateDetector.fresh(BETS.length);
    private final List<Label> recent = new ArrayList<>();

    private record Label(double[] context, double value) {}

    /**
     * What a store keeps of a head.
     *
     * @param ridge what the prior weighs, in labels
     * @param gram of the labels' contexts, row by row, without the ridge
     * @param inverse as it was left by the labels since it was last made anew
     * @param sums of contexts times (label - prior)
     * @param alarms of changes so far
     */
    record State(double prior, double ridge, long chosen, long labels, long alarms, double[] gram, double[] inverse,
            double[] sums,
            RateDetector worse,
            RateDetector better, List<double[]> recentContexts, List<Double> recentValues) {}

    /** @param least what a prior weighs of which nothing is known */
    SuccessHead(int dimension, double least, double prior) {
        this.dimension = dimension;
        this.least = least;
        this.ridge = least;
        this.prior = prior;
        this.gram = new double[dimension * dimension];
        this.sums = new double[dimension];
        this.inverse = new double[dimension * dimension];
        this.theta = new double[dimension];
        renew();
    }

    SuccessHead(int dimension, double least, State state) {
        this(dimension, least, state.prior());
        ridge = state.ridge();
        if (state.gram().length != gram.length || state.inverse().length != gram.length
                || state.sums().length != sums.length) {
            throw new IllegalArgumentException("the state is of contexts of another length");
        }
        System.arraycopy(state.gram(), 0, gram, 0, gram.length);
        System.arraycopy(state.sums(), 0, sums, 0, sums.length);
        chosen = state.chosen();
        labels = state.labels();
        alarms = state.alarms();
        worse = state.worse();
        better = state.better();
        for (int i = 0; i < state.recentContexts().size(); i++) {
            recent.add(new Label(state.recentContexts().get(i), state.recentValues().get(i)));
        }
        inverse = state.inverse().clone();
        theta = times(inverse, sums);
    }

    State state() {
        return new State(prior, ridge, chosen, labels, alarms, gram.clone(), inverse.clone(),
                sums.clone(), worse, better, recent.stream().map(label -> label.context().clone()).toList(),
                recent.stream().map(Label::value).toList());
    }

    long chosen() {
        return chosen;
    }

    long labels() {
        return labels;
    }

    long alarms() {
        return alarms;
    }

    void choose() {
        chosen++;
    }

    /** A predictor's or a verdict's word, while there are no labels to contradict it. */
    void expect(@Nullable Double probability, int weight) {
        if (labels == 0 && alarms == 0 && probability != null
                && (prior != probability || ridge != Math.max(least, weight))) {
            prior = probability;
            ridge = Math.max(least, weight);
            renew();
        }
    }

    double mean(double[] context) {
        double mean = prior;
        for (int i = 0; i < dimension; i++) {
            mean += theta[i] * context[i];
        }
        return Math.clamp(mean, 0, 1);
    }

    /** One standard error of {@link #mean}. */
    double error(double[] context) {
        double sum = 0;
        for (int i = 0; i < dimension; i++) {
            double row = 0;
            for (int j = 0; j < dimension; j++) {
                row += inverse[i * dimension + j] * context[j];
            }
            sum += row * context[i];
        }
        return NOISE * Math.sqrt(Math.max(0, sum));
    }

    /**
     * Learns that an answer was so good.
     *
     * @param forgetting what the earlier labels still count
     * @param logThreshold ln of the evidence that tells a change
     * @return whether the model has changed, so that all but the newest labels were forgotten
     */
    boolean label(double[] context, double value, double forgetting, double logThreshold) {
        boolean changed = labels >= KNOWN && changed(context, value, logThreshold);
        recent.add(new Label(context.clone(), value));
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
        if (changed) {
            forget();
            return true;
        }
        learn(context, value, forgetting);
        return false;
    }

    private boolean changed(double[] context, double value, double logThreshold) {
        double mean = mean(context);
        double slack = error(context);
        worse = next(worse, 1 - value, 1 - mean + slack);
        better = next(better, value, mean + slack);
        return Math.max(worse.logStatistic(), better.logStatistic()) >= logThreshold;
    }

    private static RateDetector next(RateDetector detector, double x, double usual) {
        double good = Math.clamp(usual, 0.01, 0.97);
        List<Double> rates = new ArrayList<>(BETS.length);
        for (double part : BETS) {
            rates.add(good + part * (1 - good));
        }
        return detector.next(x, good, rates);
    }

    private void forget() {
        alarms++;
        labels = 0;
        Arrays.fill(gram, 0);
        Arrays.fill(sums, 0);
        worse = RateDetector.fresh(BETS.length);
        better = RateDetector.fresh(BETS.length);
        ridge = least;
        prior = recent.stream().mapToDouble(Label::value).average().orElse(prior);
        for (Label label : recent) {
            learn(label.context(), label.value(), 1);
        }
        renew();
    }

    private void learn(double[] context, double value, double forgetting) {
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j < dimension; j++) {
                gram[i * dimension + j] = forgetting * gram[i * dimension + j] + context[i] * context[j];
            }
            sums[i] = forgetting * sums[i] + (value - prior) * context[i];
        }
        labels++;
        if (labels % RENEW == 0) {
            renew();
        } else {
            shermanMorrison(context, forgetting);
            theta = times(inverse, sums);
        }
    }

    private void shermanMorrison(double[] context, double forgetting) {
        for (int i = 0; i < inverse.length; i++) {
            inverse[i] /= forgetting;
        }
        double[] along = times(inverse, context);
        double scale = 1;
        for (int i = 0; i < dimension; i++) {
            scale += context[i] * along[i];
        }
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j < dimension; j++) {
                inverse[i * dimension + j] -= along[i] * along[j] / scale;
            }
        }
    }

    /** The inverse from the matrix itself, by Gauss and Jordan; it is positive definite, so no pivots are sought. */
    private void renew() {
        double[] left = gram.clone();
        double[] right = new double[left.length];
        for (int i = 0; i < dimension; i++) {
            left[i * dimension + i] += ridge;
            right[i * dimension + i] = 1;
        }
        for (int pivot = 0; pivot < dimension; pivot++) {
            double by = left[pivot * dimension + pivot];
            for (int j = 0; j < dimension; j++) {
                left[pivot * dimension + j] /= by;
                right[pivot * dimension + j] /= by;
            }
            for (int i = 0; i < dimension; i++) {
                double factor = left[i * dimension + pivot];
                if (i != pivot && factor != 0) {
                    for (int j = 0; j < dimension; j++) {
                        left[i * dimension + j] -= factor * left[pivot * dimension + j];
                        right[i * dimension + j] -= factor * right[pivot * dimension + j];
                    }
                }
            }
        }
        inverse = right;
        theta = times(inverse, sums);
    }

    private double[] times(double[] matrix, double[] vector) {
        double[] product = new double[dimension];
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j < dimension; j++) {
                product[i] += matrix[i * dimension + j] * vector[j];
            }
        }
        return product;
    }
}
