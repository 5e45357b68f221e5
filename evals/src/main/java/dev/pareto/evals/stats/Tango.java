package dev.pareto.evals.stats;

/**
 * Tango's score test and interval for the difference of paired proportions (Tango 1998, Stat. Med. 17:891).
 * It stays valid when a discordant cell, or both, are zero, where Wald's interval collapses.
 */
public final class Tango {

    private static final int BISECTIONS = 200;
    private static final double EDGE = 1e-12;

    private Tango() {}

    /** A score statistic and its one-sided p value. */
    public record Test(double z, double p) {}

    /** The score statistic for the hypothesis that the difference is {@code difference}. */
    public static double z(PairedTable table, double difference) {
        double n = table.n();
        double b = table.onlyCandidate();
        double c = table.onlyIncumbent();
        double quadratic = 2 * n;
        double linear = -b - c + (2 * n - b + c) * difference;
        double constant = -c * difference * (1 - difference);
        double root = Math.sqrt(Math.max(0, linear * linear - 4 * quadratic * constant));
        double q = (root - linear) / (2 * quadratic);
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
        double lower = observed == -1 || z(table, -1 + EDGE) <= z ? -1 : crossing(table, z, -1 + EDGE, observed);
        double upper = observed == 1 || z(table, 1 - EDGE) >= -z ? 1 : crossing(table, -z, observed, 1 - EDGE);
        return new Interval(lower, upper);
    }

    /** Test of "the candidate is worse by {@code margin} or more"; a small p speaks for non-inferiority. */
    public static Test nonInferiority(PairedTable table, double margin) {
        Margins.requireMargin(margin);
        double z = z(table, -margin);
        return new Test(z, Quantiles.normalUpperTail(z));
    }

    /** Where the statistic, which falls with the hypothesised difference, equals {@code target}. */
    private static double crossing(PairedTable table, double target, double from, double to) {
        double low = from;
        double high = to;
        for (int i = 0; i < BISECTIONS && high - low > 0; i++) {
            double middle = (low + high) / 2;
            if (middle == low || middle == high) {
                break;
            }
            if (z(table, middle) > target) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }
}
