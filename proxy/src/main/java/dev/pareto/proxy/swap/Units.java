package dev.pareto.proxy.swap;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.swap.SwapState;

/** Who was seen already in the present step of a swap. Only hashes are kept, a bounded number of them. Thread-safe. */
final class Units {

    private static final int MOST = 200_000;

    private record Seen(SwapKey key, SwapState state, double share, long unit) {}

    private final Cache<Seen, Boolean> seen = Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(Duration.ofDays(7))
            .build();

    /** Whether this is the unit's first request in this step. */
    boolean firstSeen(SwapKey key, SwapState state, double share, String unit) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < unit.length(); i++) {
            hash = (hash ^ unit.charAt(i)) * 0x100000001b3L;
        }
        return seen.asMap().putIfAbsent(new Seen(key, state, share, hash), true) == null;
    }
}
