package dev.pareto.evals.stats.sequential;

import dev.pareto.evals.stats.Quantiles;

/**
 * Bet sizes from the past only, near the best for the variance seen so far (Waudby-Smith &amp; Ramdas 2024, JRSS-B 86:1, eq. 15),
 * with one imagined observation of mean 1/2 and variance 1/4. Observations lie within [0, 1].
 */
final class PlugInStakes {

    private static final double PRIOR_MEAN = 0.5;
    private static final double PRIOR_VARIANCE = 0.25;

    private final double logInverseAlpha;
    private long n;
    private double sum;
    private double squares = PRIOR_VARIANCE;

    PlugInStakes(double alpha) {
        Quantiles.requireAlpha(alpha);
        this.logInverseAlpha = -Math.log(alpha);
    }

    /** The bet on the observation to come. */
    double next() {
        double t = n + 1.0;
        return Math.sqrt(2 * logInverseAlpha / (t * Math.log1p(t) * (squares / t)));
    }

    void add(double x) {
        n++;
        sum += x;
        double mean = Math.min(1, (PRIOR_MEAN + sum) / (n + 1));
        squares += (x - mean) * (x - mean);
    }

    long n() {
        return n;
    }

    /** Plain mean of the past, 0 before the first. */
    double mean() {
        return n == 0 ? 0 : sum / n;
    }

    static void requireUnit(double x) {
        if (!(x >= 0 && x <= 1)) {
            throw new IllegalArgumentException("observation " + x
                    + " is not within [0, 1]; write a difference d within [-1, 1] as (d + 1) / 2");
        }
    }
}
