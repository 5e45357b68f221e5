package dev.pareto.evals.stats;

/** The exact binomial interval (Clopper &amp; Pearson 1934, Biometrika 26:404). */
public final class ClopperPearson {

    private ClopperPearson() {}

    /** Two-sided interval for {@code successes} of {@code trials}. */
    public static Interval interval(int successes, int trials, double confidence) {
        Wilson.requireCounts(successes, trials);
        Quantiles.requireConfidence(confidence);
        double tail = (1 - confidence) / 2;
        return new Interval(lower(successes, trials, tail), 1 - lower(trials - successes, trials, tail));
    }

    /** One-sided upper bound; for zero events this is the exact form of the rule of three, 1 - (1-c)^(1/n). */
    public static double upper(int successes, int trials, double confidence) {
        Wilson.requireCounts(successes, trials);
        Quantiles.requireConfidence(confidence);
        return successes == 0
                ? -Math.expm1(Math.log1p(-confidence) / trials)
                : 1 - lower(trials - successes, trials, 1 - confidence);
    }

    /** The rate at which so many successes or more have the probability {@code tail}. */
    private static double lower(int successes, int trials, double tail) {
        if (successes == 0) {
            return 0;
        }
        return successes == trials
                ? Math.exp(Math.log(tail) / trials)
                : Quantiles.beta(successes, trials - successes + 1.0, tail);
    }
}
