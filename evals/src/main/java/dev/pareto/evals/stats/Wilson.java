package dev.pareto.evals.stats;

/** Wilson's score interval for a proportion (Wilson 1927, JASA 22:209). */
public final class Wilson {

    private Wilson() {}

    /** Two-sided interval for {@code successes} of {@code trials}. */
    public static Interval interval(int successes, int trials, double confidence) {
        requireCounts(successes, trials);
        double z = Quantiles.twoSidedNormal(confidence);
        return new Interval(lower((double) successes / trials, trials, z),
                1 - lower((double) (trials - successes) / trials, trials, z));
    }

    /** Upper limit of the two-sided interval for a mean {@code share} of {@code trials} that lie within 0 and 1. */
    public static double upper(double share, int trials, double confidence) {
        if (trials <= 0 || !(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share of " + share + " of " + trials + " is not a proportion");
        }
        return 1 - lower(1 - share, (double) trials, Quantiles.twoSidedNormal(confidence));
    }

    /** The smaller root by way of the larger one, since near 0 centre less half width would cancel. */
    private static double lower(double p, double n, double z) {
        double centre = p + z * z / (2 * n);
        double half = z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        return p * p / (centre + half);
    }

    /** Throws unless 0 &lt;= successes &lt;= trials and 1 &lt;= trials. */
    public static void requireCounts(int successes, int trials) {
        if (trials <= 0 || successes < 0 || successes > trials) {
            throw new IllegalArgumentException(successes + " of " + trials + " is not a proportion");
        }
    }
}
