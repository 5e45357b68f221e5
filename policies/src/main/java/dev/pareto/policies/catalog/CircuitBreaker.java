package dev.pareto.policies.catalog;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * When to stop calling a vendor that fails.
 *
 * @param failureRate the share of failed attempts, above 0 and at most 1, that opens the circuit
 * @param window how many of the latest attempts are counted
 * @param openFor how long the circuit stays open before it is probed
 */
public record CircuitBreaker(double failureRate, int window, Duration openFor) {

    public static final CircuitBreaker DEFAULT = new CircuitBreaker(0.5, 20, Duration.ofSeconds(15));

    public CircuitBreaker {
        requireNonNull(openFor, "openFor is null");
        if (!(failureRate > 0 && failureRate <= 1)) {
            throw new IllegalArgumentException("failure-rate must be above 0 % and at most 100 %, got " + failureRate);
        }
        if (window < 1 || window > 10_000) {
            throw new IllegalArgumentException("window must be 1 to 10000 attempts, got " + window);
        }
        if (openFor.isNegative() || openFor.isZero()) {
            throw new IllegalArgumentException("wait must be above zero, got " + openFor);
        }
    }
}
