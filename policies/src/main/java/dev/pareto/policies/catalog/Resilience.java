package dev.pareto.policies.catalog;

import static java.util.Objects.requireNonNull;

/**
 * How attempts at one vendor are bounded and repeated.
 *
 * @param timeLimits how long each may take
 * @param retries how many more attempts after a failure that is worth another try, 0 to 10
 * @param circuitBreaker when to stop trying
 */
public record Resilience(TimeLimits timeLimits, int retries, CircuitBreaker circuitBreaker) {

    public static final Resilience DEFAULT = new Resilience(TimeLimits.DEFAULT, 1, CircuitBreaker.DEFAULT);

    public Resilience {
        requireNonNull(timeLimits, "timeLimits is null");
        requireNonNull(circuitBreaker, "circuitBreaker is null");
        if (retries < 0 || retries > 10) {
            throw new IllegalArgumentException("retries must be 0 to 10, got " + retries);
        }
    }
}
