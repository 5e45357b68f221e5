package dev.pareto.dashboards.store;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.swap.SwapKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One move of a swap, as it is remembered.
 *
 * @param by who made it: the machine or a person
 * @param guard whose alarm made it; null when none did
 */
public record StoredMove(Instant at, SwapKey key, String from, String to, double share, String by, String reason,
        @Nullable String verdictId, @Nullable String guard) {

    public StoredMove {
        requireNonNull(at, "at is null");
        requireNonNull(key, "key is null");
        requireNonNull(from, "from is null");
        requireNonNull(to, "to is null");
        requireNonNull(by, "by is null");
        requireNonNull(reason, "reason is null");
    }
}
