package dev.pareto.policies.catalog;

import java.time.Duration;
import java.util.Map;

/**
 * How long an attempt may take; every part is bounded.
 *
 * @param connect until a connection stands
 * @param firstToken until the first byte of the answer's body
 * @param idle between two reads of the body
 * @param total from start to end
 */
public record TimeLimits(Duration connect, Duration firstToken, Duration idle, Duration total) {

    public static final TimeLimits DEFAULT = new TimeLimits(Duration.ofSeconds(2), Duration.ofSeconds(60),
            Duration.ofSeconds(30), Duration.ofMinutes(10));

    public TimeLimits {
        Map.of("connect", connect, "first-token", firstToken, "idle", idle, "total", total).forEach((name, limit) -> {
            if (limit.isNegative() || limit.isZero() || limit.compareTo(Duration.ofHours(24)) > 0) {
                throw new IllegalArgumentException(
                        "time limit " + name + " must be above zero and at most 24 h, got " + limit);
            }
        });
    }
}
