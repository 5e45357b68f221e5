package dev.pareto.dashboards.store;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request in an experiment with all that is known of it.
 *
 * @param before whether it was only watched, before the start
 * @param endedAt null while it is under way
 * @param values by metric, without those that are unknown: {@code cost} in dollars, {@code latency} and {@code first-token} in
 *            milliseconds, {@code errors}, {@code format} and {@code truncated} as 0 or 1, and what was posted
 */
public record ExposedRequest(String arm, boolean before, long unit, long ask, Instant at, @Nullable Instant endedAt,
        boolean delivered, Map<String, Double> values) {

    public ExposedRequest {
        values = Map.copyOf(values);
    }
}
