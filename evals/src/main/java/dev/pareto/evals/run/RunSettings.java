package dev.pareto.evals.run;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/**
 * How a run behaves.
 *
 * @param concurrency calls in flight at once, over all models
 * @param attempts calls per item before it is given up
 * @param firstPause before the second attempt; doubles with each further one
 * @param spendCap no call is started that might exceed it, of judges neither; null for none
 * @param callsPerMinute most calls begun within a minute, over all models, at an even pace; null for no limit
 * @param orderSeed items are asked in the order of SHA-256(orderSeed + "|" + id)
 */
public record RunSettings(int concurrency, int attempts, Duration firstPause, @Nullable Money spendCap,
        @Nullable Integer callsPerMinute, String orderSeed) {

    /** The published order. */
    public static final String ORDER_SEED = "swap-1";

    /** Longest pause between attempts. */
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** Eight calls at once, three attempts, no cap. */
    public static final RunSettings DEFAULT = new RunSettings(8, 3, Duration.ofSeconds(1), null, null, ORDER_SEED);

    /** Checks the bounds. */
    public RunSettings {
        requireNonNull(orderSeed, "orderSeed is null");
        if (concurrency < 1 || concurrency > 256 || attempts < 1 || attempts > 10 || firstPause.isNegative()) {
            throw new IllegalArgumentException("concurrency must be 1 to 256, attempts 1 to 10");
        }
        if (callsPerMinute != null && callsPerMinute < 1) {
            throw new IllegalArgumentException("a rate of fewer than one call a minute makes no run");
        }
    }

    /** As fast as the concurrency allows. */
    public RunSettings(int concurrency, int attempts, Duration firstPause, @Nullable Money spendCap,
            String orderSeed) {
        this(concurrency, attempts, firstPause, spendCap, null, orderSeed);
    }

    /** What is left of the cap after so much was spent; null spends nothing of it. */
    public RunSettings after(@Nullable Money spent) {
        if (spendCap == null || spent == null || !spent.currency().equals(spendCap.currency())) {
            return this;
        }
        Money left = spent.compareTo(spendCap) >= 0 ? Money.zero(spendCap.currency()) : spendCap.minus(spent);
        return new RunSettings(concurrency, attempts, firstPause, left, callsPerMinute, orderSeed);
    }
}
