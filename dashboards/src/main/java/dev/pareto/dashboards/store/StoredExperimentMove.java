package dev.pareto.dashboards.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A move of an experiment.
 *
 * @param by who made it: a person, or {@code guard}, {@code rule} or {@code configuration}
 * @param decision what was known then, as JSON; null at a start
 */
public record StoredExperimentMove(Instant at, String name, int run, String from, String to, String by, String reason,
        @Nullable String decision) {}
