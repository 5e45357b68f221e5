package dev.pareto.policies.detect;

/**
 * Page's cumulative sum of log-likelihood ratios (Page 1954, Biometrika 41:100), the classical twin of {@link RateDetector}:
 * S_t = max(0, S_{t-1} + ln LR_t). For 0 or 1 drawn at {@code healthy} its average run length is at least e^threshold; it
 * promises nothing for other streams.
 *
 * @param healthy rate while all is well, within (0, 1)
 * @param broken rate to detect, within (healthy, 1)
 * @param threshold alarm at this sum, e.g. 5
 * @param n observations so far
 * @param evidence the sum, 0 before the first
 */
public record Cusum(double healthy, double broken, double threshold, long n, double evidence) implements Detector {

    /** Checks the design and a state that may come from a store. */
    public Cusum {
        Rates.require(healthy, broken);
        if (!(threshold > 0 && threshold < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the threshold must be positive and finite, is " + threshold);
        }
        ShiryaevRoberts.requireState(n, evidence);
    }

    /** A detector that has seen nothing. */
    public static Cusum of(double healthy, double broken, double threshold) {
        return new Cusum(healthy, broken, threshold, 0, 0);
    }

    /** Takes one request that failed or did not. */
    public Cusum add(boolean failed) {
        return add(failed ? 1 : 0);
    }

    @Override
    public Cusum add(double loss) {
        Rates.requireLoss(loss);
        if (alarm()) {
            return this;
        }
        double step = loss * Math.log(broken / healthy) + (1 - loss) * (Math.log1p(-broken) - Math.log1p(-healthy));
        return new Cusum(healthy, broken, threshold, n + 1, Math.max(0, evidence + step));
    }

    @Override
    public boolean alarm() {
        return evidence >= threshold;
    }

    @Override
    public Cusum restarted() {
        return of(healthy, broken, threshold);
    }
}
