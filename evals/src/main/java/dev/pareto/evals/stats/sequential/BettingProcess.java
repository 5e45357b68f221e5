package dev.pareto.evals.stats.sequential;

/**
 * Capital of a gambler who bets against one hypothesis about the mean of observations in [0, 1] (Waudby-Smith &amp; Ramdas
 * 2024, JRSS-B 86:1): under it the capital ever reaches 1/alpha with a probability of at most alpha. Needs no design
 * alternative; where there is one, {@link PluginGro} is more powerful. Not thread-safe.
 */
public final class BettingProcess {

    /** Which hypothesis is bet against; the capital grows when it is wrong. */
    public enum Against {
        /** The mean is at most the stated one. */
        AT_MOST,
        /** The mean is at least the stated one. */
        AT_LEAST
    }

    /** Share of the capital that one bet may lose. */
    static final double LARGEST_LOSS = 0.5;

    private final Against against;
    private final double mean;
    private final double largestStake;
    private final PlugInStakes stakes;
    private double log;
    private double highest;

    /** Bets against a mean of at most, or at least, {@code mean}; {@code alpha} tunes the stakes to the level one aims at. */
    public BettingProcess(Against against, double mean, double alpha) {
        if (!(mean > 0 && mean < 1)) {
            throw new IllegalArgumentException("the mean of the hypothesis must be within (0, 1), is " + mean);
        }
        this.against = against;
        this.mean = mean;
        this.largestStake = switch (against) {
            case AT_MOST -> LARGEST_LOSS / mean;
            case AT_LEAST -> LARGEST_LOSS / (1 - mean);
        };
        this.stakes = new PlugInStakes(alpha);
    }

    /** Takes the next observation, within [0, 1]. */
    public void add(double x) {
        PlugInStakes.requireUnit(x);
        double gain = Math.min(largestStake, stakes.next()) * (x - mean);
        log += Math.log1p(switch (against) {
            case AT_MOST -> gain;
            case AT_LEAST -> -gain;
        });
        highest = Math.max(highest, log);
        stakes.add(x);
    }

    /** Log of the capital, which began at 1. */
    public double logCapital() {
        return log;
    }

    /** A p value that is valid at whatever moment one stopped. */
    public double alwaysValidP() {
        return Math.exp(-highest);
    }
}
