package dev.pareto.evals.stats;

/** Wilson's score interval for a proportion (Wilson 1927, JASA 22:209). */
public final class Wilson {

    private Wilson() {}

    /** Two-sided interval for {@code successes} of {@code trials}. */
    public static Interval interval(int successes, int trials, double confidence) {
        requireCounts(successes, trials);
        double z = Quantiles.twoSidedNormal(confidence);
        double n = trials;
        double p = successes / n;
        double scale = 1 + z * z / n;
        double centre = (p + z * z / (2 * n)) / scale;
        double half = z / scale * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        return new Interval(successes == 0 ? 0 : Math.max(0, centre - half),
                successes == trials ? 1 : Math.min(1, centre + half));
    }

    static void requireCounts(int successes, int trials) {
        if (trials <= 0 || successes < 0 || successes > trials) {
            throw new IllegalArgumentException(successes + " of " + trials + " is not a proportion");
        }
    }
}
