package dev.pareto.evals.stats.sequential;

/**
 * Evidence that a rate of losses in [0, 1] is above what is healthy, since the start of the stream: the capital of bets of
 * the size that is best at {@code broken}; for losses of 0 or 1 the likelihood ratio. For "has it changed by now?" over an endless
 * stream use {@code dev.pareto.policies.detect.RateDetector}, which forgets the good old days. Not thread-safe.
 */
public final class RateProcess {

    private final double healthy;
    private final double stake;
    private double log;
    private double highest;

    /** Bets against a mean of at most {@code healthy}. */
    public RateProcess(double healthy, double broken) {
        if (!(healthy > 0 && healthy < broken && broken < 1)) {
            throw new IllegalArgumentException("need 0 < healthy < broken < 1, have " + healthy + " and " + broken);
        }
        this.healthy = healthy;
        this.stake = (broken - healthy) / (healthy * (1 - healthy));
    }

    /** Takes the next loss, within [0, 1]. */
    public void add(double loss) {
        PlugInStakes.requireUnit(loss);
        log += Math.log1p(stake * (loss - healthy));
        highest = Math.max(highest, log);
    }

    /** Log of the capital, which began at 1. */
    public double logEvidence() {
        return log;
    }

    /** A p value for "the rate is healthy" that is valid at whatever moment one stopped. */
    public double alwaysValidP() {
        return Math.exp(-highest);
    }
}
