package dev.pareto.policies.detect;

/**
 * Watches a rate that must not rise: failures, refusals, answers slower than the limit, or any loss scored in [0, 1]. An
 * e-detector with bets of the size that is best when the rate jumps from {@code healthy} to {@code broken}; the ARL holds for
 * every stream whose mean given the past is at most {@code healthy}, however it is distributed.
 *
 * @param healthy highest mean that is still fine, e.g. the incumbent's upper 95 % bound; within (0, 1)
 * @param broken mean at which the alarm should be fast, e.g. healthy plus the guard's margin; within (healthy, 1)
 * @param averageRunLength observations between false alarms, on average at least; e.g. 1e6 to roll back, 1e4 to warn
 * @param n observations so far
 * @param evidence 0 before the first; alarm at {@code averageRunLength}
 */
public record RateDetector(double healthy, double broken, double averageRunLength, long n, double evidence)
        implements
            Detector {

    /** Checks the design and a state that may come from a store. */
    public RateDetector {
        Rates.require(healthy, broken);
        ShiryaevRoberts.requireRunLength(averageRunLength);
        ShiryaevRoberts.requireState(n, evidence);
    }

    /** A detector that has seen nothing. */
    public static RateDetector of(double healthy, double broken, double averageRunLength) {
        return new RateDetector(healthy, broken, averageRunLength, 0, 0);
    }

    /** Takes one request that failed or did not. */
    public RateDetector add(boolean failed) {
        return add(failed ? 1 : 0);
    }

    @Override
    public RateDetector add(double loss) {
        Rates.requireLoss(loss);
        return alarm()
                ? this
                : new RateDetector(healthy, broken, averageRunLength, n + 1,
                        ShiryaevRoberts.next(evidence, factor(loss)));
    }

    /** For a loss of 0 or 1 this is the likelihood ratio of broken to healthy. */
    private double factor(double loss) {
        return Math.max(0, 1 + stake() * (loss - healthy));
    }

    private double stake() {
        return (broken - healthy) / (healthy * (1 - healthy));
    }

    @Override
    public boolean alarm() {
        return evidence >= averageRunLength;
    }

    @Override
    public double threshold() {
        return averageRunLength;
    }

    @Override
    public RateDetector restarted() {
        return of(healthy, broken, averageRunLength);
    }

    /** Observations from a jump to {@code broken} until the alarm, roughly: ln(ARL) / KL(broken || healthy). */
    public double expectedDelay() {
        return Math.log(averageRunLength) / Rates.divergence(broken, healthy);
    }
}
