package dev.pareto.policies.promote;

import dev.pareto.policies.detect.RateDetector;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Four guards over the requests since a promotion. Errors and slow answers are e-detectors: a policy that keeps the limits gives at least
 * {@value #FALSE_ALARMS} requests on average until a false alarm, however often one looks. The mean cost must lie three standard errors
 * above its limit, spending breaks at once. Immutable.
 *
 * @param requests seen
 * @param errors watches failures
 * @param slow watches answers beyond the limit
 */
public record PromotionGuard(Limits limits, long requests, RateDetector errors, RateDetector slow, BigDecimal spent,
        long priced, double sum, double squares) {

    static final long FALSE_ALARMS = 10_000;

    private static final double TAIL = 0.05;
    private static final double[] BETS = {0.05, 0.15, 0.4};
    private static final int ENOUGH = 20;

    public static PromotionGuard begin(Limits limits) {
        return new PromotionGuard(limits, 0, RateDetector.fresh(BETS.length), RateDetector.fresh(BETS.length),
                BigDecimal.ZERO, 0, 0, 0);
    }

    public PromotionGuard next(Ended one) {
        double cost = one.cost() == null ? 0 : one.cost().doubleValue();
        return new PromotionGuard(limits, requests + 1, next(errors, one.failed(), limits.errors()),
                next(slow, one.seconds() > limits.p95Seconds(), TAIL),
                one.cost() == null ? spent : spent.add(one.cost()), priced + (one.cost() == null ? 0 : 1), sum + cost,
                squares + cost * cost);
    }

    private static RateDetector next(RateDetector detector, boolean bad, double good) {
        List<Double> rates = java.util.Arrays.stream(BETS).mapToObj(part -> good + part * (1 - good)).toList();
        return detector.next(bad ? 1 : 0, good, rates);
    }

    /** What has broken, for people; null while all is well. */
    public @Nullable String broken() {
        double threshold = Math.log(2 * FALSE_ALARMS);
        if (errors.logStatistic() >= threshold) {
            return String.format(java.util.Locale.ROOT, "more than %.1f %% of requests fail", 100 * limits.errors());
        }
        if (slow.logStatistic() >= threshold) {
            return String.format(java.util.Locale.ROOT, "p95 is above %.2f s", limits.p95Seconds());
        }
        if (limits.spend() != null && spent.compareTo(limits.spend()) > 0) {
            return "spent " + spent.toPlainString() + ", more than " + limits.spend().toPlainString();
        }
        if (limits.costPerRequest() != null && priced >= ENOUGH) {
            double mean = sum / priced;
            double error = Math.sqrt(Math.max(0, squares / priced - mean * mean) / priced);
            if (mean - 3 * error > limits.costPerRequest().doubleValue()) {
                return String.format(java.util.Locale.ROOT, "a request costs %.6g on average, more than %s", mean,
                        limits.costPerRequest().round(new java.math.MathContext(6)).toPlainString());
            }
        }
        return null;
    }
}
