package dev.pareto.evals.stats;

/** Wilson's score interval for a proportion (Wilson 1927, JASA 22:209). */
public final class Wilson {

    private Wilson() {}

    /** Two-sided interval for {@code successes} of {@code trials}. */
    public static Interval interval(int successes, int trials, double confidence) {
        requireCounts(successes, trials);
        double z = Quantiles.twoSidedNormal(confidence);
        return new Interval(lower(successes, trials, z), 1 - lower(trials - successes, trials, z));
    }

    /** The smaller root by way of the larger one, since near 0 centre less half width would cancel. */
    private static double lower(int successes, int trials, double z) {
        double n = trials;
        double p = successes / n;
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
