package dev.pareto.evals.stats;

/** The exact binomial interval (Clopper &amp; Pearson 1934, Biometrika 26:404). */
public final class ClopperPearson {

    private ClopperPearson() {}

    /** Two-sided interval for {@code successes} of {@code trials}. */
    public static Interval interval(int successes, int trials, double confidence) {
        Wilson.requireCounts(successes, trials);
        Quantiles.requireConfidence(confidence);
        double tail = (1 - confidence) / 2;
        return new Interval(
                successes == 0 ? 0 : Quantiles.beta(successes, trials - successes + 1.0, tail),
                upper(successes, trials, 1 - tail));
    }

    /** One-sided upper bound; for zero events this is the exact form of the rule of three, 1 - (1-c)^(1/n). */
    public static double upper(int successes, int trials, double confidence) {
        Wilson.requireCounts(successes, trials);
        Quantiles.requireConfidence(confidence);
        if (successes == trials) {
            return 1;
        }
        if (successes == 0) {
            return -Math.expm1(Math.log1p(-confidence) / trials);
        }
        return Quantiles.beta(successes + 1.0, trials - successes, confidence);
    }
}
