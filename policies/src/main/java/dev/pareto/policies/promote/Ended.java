package dev.pareto.policies.promote;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request that has ended.
 *
 * @param failed whether nobody could answer it, through no fault of the caller's
 * @param seconds from start to end
 * @param cost of all attempts; null while unknown
 */
public record Ended(Instant at, boolean failed, double seconds, @Nullable BigDecimal cost) {

    public Ended {
        requireNonNull(at, "at is null");
    }
}
