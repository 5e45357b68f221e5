package dev.pareto.evals.stats.paired;

import dev.pareto.evals.stats.Bisection;
import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Margins;
import dev.pareto.evals.stats.Quantiles;

/**
 * Tango's score test and interval for the difference of paired proportions (Tango 1998, Stat. Med. 17:891).
 * It stays valid when a discordant cell, or both, are zero, where Wald's interval collapses.
 */
public final class Tango {

    private static final double EDGE = 1e-12;

    private Tango() {}

    /** A score statistic and its one-sided p value. */
    public record Test(double z, double p) {}

    /** The score statistic for the hypothesis that the difference is {@code difference}, within (-1, 1); falls with it. */
    public static double z(PairedTable table, double difference) {
        if (!(difference > -1 && difference < 1)) {
            throw new IllegalArgumentException("difference " + difference + " is not within (-1, 1)");
        }
        double n = table.n();
        double b = table.onlyCandidate();
        double c = table.onlyIncumbent();
        double quadratic = 2 * n;
        double linear = -b - c + (2 * n - b + c) * difference;
        double constant = -c * difference * (1 - difference);
        double root = Math.sqrt(Math.max(0, linear * linear - 4 * quadratic * constant));
        // the two forms of one root; each cancels where the other does not
        double q = linear > 0 ? -2 * constant / (root + linear) : (root - linear) / (2 * quadratic);
        double variance = n * (2 * q + difference * (1 - difference));
        double numerator = b - c - n * difference;
        if (variance <= 0) {
            return numerator == 0 ? 0 : Math.copySign(Double.POSITIVE_INFINITY, numerator);
        }
        return numerator / Math.sqrt(variance);
    }

    /** Two-sided interval; use confidence 1 - 2 alpha for a one-sided decision at alpha. */
    public static Interval interval(PairedTable table, double confidence) {
        double z = Quantiles.twoSidedNormal(confidence);
        double observed = table.difference();
        double lower = observed == -1 || z(table, -1 + EDGE) <= z
                ? -1
                : Bisection.last(-1 + EDGE, observed, d -> z(table, d) > z);
        double upper = observed == 1 || z(table, 1 - EDGE) >= -z
                ? 1
                : Bisection.last(observed, 1 - EDGE, d -> z(table, d) > -z);
        return new Interval(lower, upper);
    }

    /** Test of "the candidate is worse by {@code margin} or more"; a small p speaks for non-inferiority. */
    public static Test nonInferiority(PairedTable table, double margin) {
        Margins.requireMargin(margin);
        double z = z(table, -margin);
        return new Test(z, Quantiles.normalUpperTail(z));
    }
}
