package dev.pareto.evals.experiment;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A request that took part.
 *
 * @param before whether it was only watched, before the start
 * @param unit whose it is
 * @param ask who asked what; the same again soon after says that the answer did not help
 * @param endedAt null while it is under way
 * @param delivered whether its arm's treatment was applied
 * @param values by metric, without those that are unknown
 */
public record Seen(String arm, boolean before, long unit, long ask, Instant at, @Nullable Instant endedAt,
        boolean delivered, Map<String, Double> values) {

    public Seen {
        requireNonNull(arm, "arm is null");
        requireNonNull(at, "at is null");
        values = Map.copyOf(values);
    }
}
