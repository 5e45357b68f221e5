package dev.pareto.dashboards.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Where an experiment stands.
 *
 * @param json the whole of it, for its keeper
 */
public record StoredExperiment(String name, String state, int run, Instant since, String json) {

    public StoredExperiment {
        requireNonNull(name, "name is null");
        requireNonNull(state, "state is null");
        requireNonNull(since, "since is null");
        requireNonNull(json, "json is null");
    }
}
