package dev.pareto.policies.detect;

/**
 * The recursion that turns e-values into a change detector, M ← (M + 1) e. While each e has mean at most 1 given the past, M_t - t is a
 * supermartingale. States are ln(1 + M), which begins at 0 and neither overflows nor cancels.
 */
final class ShiryaevRoberts {

    static final double FRESH = 0;

    private ShiryaevRoberts() {}

    /** @param logFactor ln of the next e-value */
    static double next(double state, double logFactor) {
        double log = state + logFactor;
        return log > 0 ? log + Math.log1p(Math.exp(-log)) : Math.log1p(Math.exp(log));
    }

    /** ln M; minus infinity at the start. */
    static double logStatistic(double state) {
        return state <= 0 ? Double.NEGATIVE_INFINITY : state + Math.log(-Math.expm1(-state));
    }
}
