package dev.pareto.policies.policy;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Whether and how long a route's answers are kept for exact repetitions.
 *
 * @param enabled off unless the route says otherwise
 * @param ttl how long an answer is kept
 * @param maxEntries how many are kept
 */
public record CachePolicy(boolean enabled, Duration ttl, int maxEntries) {

    public static final CachePolicy OFF = new CachePolicy(false, Duration.ofMinutes(10), 10_000);

    public CachePolicy {
        requireNonNull(ttl, "ttl is null");
        if (ttl.isNegative() || ttl.isZero()) {
            throw new IllegalArgumentException("ttl must be above zero, got " + ttl);
        }
        if (maxEntries < 1 || maxEntries > 10_000_000) {
            throw new IllegalArgumentException("max-entries must be 1 to 10000000, got " + maxEntries);
        }
    }
}
