package dev.pareto.evals.stats.sequential;

import dev.pareto.evals.stats.Bisection;
import dev.pareto.evals.stats.Margins;
import dev.pareto.evals.stats.Quantiles;
import dev.pareto.policies.swap.Outcome;

/**
 * The paired plug-in GRO e-process: a non-inferiority test that may be looked at after every item.
 *
 * Each paired difference d in [-1, 1] is a bet at odds fair under "worse by exactly the margin"; the stake is
 * the Kelly bet for "equally good" with the second moment predicted from the past only. The capital is then a
 * non-negative supermartingale under the null, and by Ville's inequality it ever reaches 1/alpha with a
 * probability of at most alpha. It assumes that items come in random order from the route's traffic.
 * Not thread-safe.
 */
public final class PluginGro {

    private static final double EDGE = 0.999999;

    private final double margin;
    private final double threshold;
    private final int minimum;
    private final Parameters parameters;
    private int n;
    private double sumOfSquares;
    private double logNonInferior;
    private double logInferior;
    private double highestLogNonInferior;

    /**
     * Tuning that decides the power, never the validity.
     *
     * @param v0 prior guess of E[d^2]
     * @param k0 how many items that guess is worth
     * @param truncation largest share of the capital that one bet may lose
     */
    public record Parameters(double v0, double k0, double truncation) {

        /** The values whose operating characteristics are published. */
        public static final Parameters STANDARD = new Parameters(0.25, 20, 0.9);

        /** Checks the ranges. */
        public Parameters {
            if (!(v0 > 0) || !(k0 > 0) || !(truncation > 0 && truncation < 1)) {
                throw new IllegalArgumentException("v0 and k0 must be positive, truncation within (0, 1)");
            }
        }
    }

    /** A test at one-sided level {@code alpha} that decides no earlier than after {@code minimum} items. */
    public PluginGro(double margin, double alpha, int minimum, Parameters parameters) {
        Margins.requireMargin(margin);
        this.margin = margin;
        this.threshold = threshold(alpha);
        this.minimum = minimum;
        this.parameters = parameters;
    }

    /** Takes the next difference; returns the outcome so far (NON_INFERIOR, INFERIOR or INCONCLUSIVE). */
    public Outcome add(double difference) {
        requireDifference(difference);
        double stake = stake(n, sumOfSquares, margin, parameters);
        n++;
        double gain = difference + margin;
        logNonInferior += Math.log1p(Math.min(stake, parameters.truncation() / (1 - margin)) * gain);
        logInferior += Math.log1p(-Math.min(stake, parameters.truncation() / (1 + margin)) * gain);
        sumOfSquares += difference * difference;
        highestLogNonInferior = Math.max(highestLogNonInferior, logNonInferior);
        return outcome();
    }

    /** What the evidence says now; it may be asked after every item. */
    public Outcome outcome() {
        if (n < minimum) {
            return Outcome.INCONCLUSIVE;
        }
        if (logNonInferior >= threshold) {
            return Outcome.NON_INFERIOR;
        }
        return logInferior >= threshold ? Outcome.INFERIOR : Outcome.INCONCLUSIVE;
    }

    /** Items taken so far. */
    public int n() {
        return n;
    }

    /** Log of the evidence for "at most the margin worse". */
    public double logNonInferior() {
        return logNonInferior;
    }

    /** Log of the evidence for "worse by more than the margin". */
    public double logInferior() {
        return logInferior;
    }

    /** A p value that is valid at whatever moment one stopped. */
    public double alwaysValidP() {
        return Math.min(1, Math.exp(-highestLogNonInferior));
    }

    /**
     * The lower confidence bound that belongs to this test, valid at every look: the largest m that the same
     * bets against "the mean is m" still reject at {@code alpha}; -1 when they reject none.
     */
    public static double lowerBound(double[] differences, double margin, double alpha, Parameters parameters) {
        Margins.requireMargin(margin);
        double[] stakes = new double[differences.length];
        double squares = 0;
        for (int i = 0; i < differences.length; i++) {
            requireDifference(differences[i]);
            stakes[i] = stake(i, squares, margin, parameters);
            squares += differences[i] * differences[i];
        }
        double threshold = threshold(alpha);
        return capital(differences, stakes, -EDGE, parameters) < threshold
                ? -1
                : Bisection.last(-EDGE, EDGE, mean -> capital(differences, stakes, mean, parameters) >= threshold);
    }

    /** The mirror image: the smallest upper bound on the mean, valid at every look. */
    public static double upperBound(double[] differences, double margin, double alpha, Parameters parameters) {
        double[] mirrored = new double[differences.length];
        for (int i = 0; i < mirrored.length; i++) {
            mirrored[i] = -differences[i];
        }
        return -lowerBound(mirrored, margin, alpha, parameters);
    }

    private static double capital(double[] differences, double[] stakes, double mean, Parameters parameters) {
        double cap = parameters.truncation() / (1 + mean);
        double sum = 0;
        for (int i = 0; i < differences.length; i++) {
            sum += Math.log1p(Math.min(stakes[i], cap) * (differences[i] - mean));
        }
        return sum;
    }

    private static double stake(int seen, double squares, double margin, Parameters parameters) {
        double predicted = (parameters.k0() * parameters.v0() + squares) / (parameters.k0() + seen);
        return margin / (predicted + margin * margin);
    }

    private static void requireDifference(double difference) {
        if (!(difference >= -1 && difference <= 1)) {
            throw new IllegalArgumentException("difference " + difference + " is not within [-1, 1]");
        }
    }

    private static double threshold(double alpha) {
        Quantiles.requireAlpha(alpha);
        return -Math.log(alpha);
    }
}
