package dev.pareto.evals.stats.sequential;

/**
 * Page's cumulative sum of log-likelihood ratios (Page 1954, Biometrika 41:100), S = max(0, S + ln LR). For 0 or 1 drawn at {@code healthy}
 * its average run length to a threshold h is at least e^h; it promises nothing for other streams. What watches live traffic is
 * {@code dev.pareto.policies.detect.RateDetector}, which does. Not thread-safe.
 */
public final class Cusum {

    private final double bad;
    private final double good;
    private double sum;

    /** Looks for a rise of the rate from {@code healthy} to {@code broken}. */
    public Cusum(double healthy, double broken) {
        if (!(healthy > 0 && healthy < broken && broken < 1)) {
            throw new IllegalArgumentException("need 0 < healthy < broken < 1, have " + healthy + " and " + broken);
        }
        bad = Math.log(broken / healthy);
        good = Math.log1p(-broken) - Math.log1p(-healthy);
    }

    /** Takes the next loss, within [0, 1]. */
    public void add(double loss) {
        PlugInStakes.requireUnit(loss);
        sum = Math.max(0, sum + loss * bad + (1 - loss) * good);
    }

    /** The sum, which begins at 0. */
    public double sum() {
        return sum;
    }
}
