package dev.pareto.policies.detect;

/**
 * The recursion that turns e-values into a change detector: M_t = (M_{t-1} + 1) e_t (Shin, Ramdas &amp; Rinaldo 2024, arXiv
 * 2203.03532). While each e_t has mean at most 1 given the past, M_t - t is a supermartingale, so an alarm at M >= A comes
 * after A observations on average or later, whatever the distribution.
 */
final class ShiryaevRoberts {

    /** Far above any threshold, far below overflow: past it one more factor says nothing new. */
    private static final double CEILING = 1e300;

    private ShiryaevRoberts() {}

    /**
     * The next value. It is a sum of non-negative products and is refilled by 1 each time, so it needs no logarithms:
     * it neither cancels nor underflows.
     */
    static double next(double value, double factor) {
        return Math.min(CEILING, (value + 1) * factor);
    }

    static double requireRunLength(double averageRunLength) {
        if (!(averageRunLength > 1 && averageRunLength < CEILING)) {
            throw new IllegalArgumentException(
                    "the average run length must be above 1 observation, is " + averageRunLength);
        }
        return averageRunLength;
    }

    static void requireState(long n, double evidence) {
        if (n < 0 || !(evidence >= 0 && evidence <= CEILING)) {
            throw new IllegalArgumentException("no detector stands at n = " + n + ", evidence = " + evidence);
        }
    }
}
