package dev.pareto.evals.stats.sequential;

import java.util.function.DoubleUnaryOperator;

import dev.pareto.evals.stats.Bisection;
import dev.pareto.evals.stats.Quantiles;

import org.apache.commons.numbers.gamma.LogGamma;
import org.apache.commons.numbers.gamma.RegularizedGamma;

/**
 * Curves that a sum of centred observations crosses, at any time, with a probability of at most alpha, as functions of
 * its accumulated variance v (Howard, Ramdas, McAuliffe &amp; Sekhon 2021, Ann. Stat. 49:1055). A mixture is tightest where
 * v equals {@code optimum} at level 0.05.
 */
public final class UniformBoundary {

    private static final double OPTIMUM_ALPHA = 0.05;
    private static final int ZETA_TERMS = 20;

    private UniformBoundary() {}

    /** Two-sided normal mixture: |S| for sub-Gaussian sums. */
    public static double normalTwoSided(double v, double alpha, double optimum) {
        double rho = rho(optimum, OPTIMUM_ALPHA);
        require(v, alpha);
        return Math.sqrt((v + rho) * (Math.log1p(v / rho) - 2 * Math.log(alpha)));
    }

    /** One-sided normal mixture: S for sub-Gaussian sums. */
    public static double normalOneSided(double v, double alpha, double optimum) {
        double rho = rho(optimum, 2 * OPTIMUM_ALPHA);
        require(v, alpha);
        double total = v + rho;
        return crossing(v, alpha, s -> Math.log(4 * rho / total) / 2 + s * s / (2 * total)
                + Math.log(Quantiles.normalCumulative(s / Math.sqrt(total))));
    }

    /** Gamma-exponential mixture: S for sub-exponential sums of scale {@code c}, e.g. of losses that are bounded by c. */
    public static double gammaExponential(double v, double alpha, double optimum, double c) {
        double rho = rho(optimum, 2 * OPTIMUM_ALPHA);
        require(v, alpha);
        requirePositive("scale", c);
        double prior = rho / (c * c);
        double posterior = (v + rho) / (c * c);
        double constant = prior * Math.log(prior) - LogGamma.value(prior)
                - Math.log(RegularizedGamma.P.value(prior, prior)) + LogGamma.value(posterior);
        return crossing(v, alpha, s -> {
            double x = (c * s + v) / (c * c);
            return constant + Math.log(RegularizedGamma.P.value(posterior, x + prior)) - posterior * Math.log(x + prior)
                    + x;
        });
    }

    /**
     * Polynomial stitching: a closed form that grows like sqrt(v log log v), for sub-gamma sums of scale {@code c} (0 for
     * sub-Gaussian ones); flat below {@code smallest}.
     *
     * @param s exponent above 1, usually 1.4
     * @param eta ratio of neighbouring epochs above 1, usually 2
     */
    public static double polynomialStitching(double v, double alpha, double smallest, double c, double s, double eta) {
        require(v, alpha);
        requirePositive("smallest variance", smallest);
        if (!(s > 1) || !(eta > 1) || !(c >= 0)) {
            throw new IllegalArgumentException(
                    "need s > 1, eta > 1 and c >= 0, have " + s + ", " + eta + " and " + c);
        }
        double used = Math.max(v, smallest);
        double epochs = s * Math.log(Math.log(eta * used / smallest)) + Math.log(zeta(s))
                - s * Math.log(Math.log(eta)) - Math.log(alpha);
        double root = (Math.pow(eta, 0.25) + Math.pow(eta, -0.25)) / Math.sqrt(2);
        double linear = (Math.sqrt(eta) + 1) / 2 * c * epochs;
        return Math.sqrt(root * root * used * epochs + linear * linear) + linear;
    }

    /** The mixture's precision for which the boundary is tightest at {@code v}. */
    static double rho(double v, double alpha) {
        requirePositive("optimal variance", v);
        double twice = -2 * Math.log(alpha);
        return v / (twice + Math.log1p(twice));
    }

    /** Where the log of a mixture martingale, rising in the sum, reaches ln(1/alpha). */
    private static double crossing(double v, double alpha, DoubleUnaryOperator logMartingale) {
        double threshold = -Math.log(alpha);
        double high = Math.max(1, v);
        while (logMartingale.applyAsDouble(high) < threshold) {
            high *= 2;
        }
        return Bisection.last(0, high, s -> logMartingale.applyAsDouble(s) < threshold);
    }

    /** Riemann's zeta for s above 1: the first terms and the Euler-Maclaurin remainder. */
    private static double zeta(double s) {
        double sum = 0;
        for (int k = 1; k < ZETA_TERMS; k++) {
            sum += Math.pow(k, -s);
        }
        double n = ZETA_TERMS;
        double last = Math.pow(n, -s);
        double first = s / (12 * n);
        double second = s * (s + 1) * (s + 2) / (720 * n * n * n);
        double third = s * (s + 1) * (s + 2) * (s + 3) * (s + 4) / (30_240 * Math.pow(n, 5));
        return sum + last * (n / (s - 1) + 0.5 + first - second + third);
    }

    private static void require(double v, double alpha) {
        Quantiles.requireAlpha(alpha);
        if (!(v >= 0 && v < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the accumulated variance must be >= 0 and finite, is " + v);
        }
    }

    private static void requirePositive(String what, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the " + what + " must be positive and finite, is " + value);
        }
    }
}
