package dev.pareto.dashboards.store;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import java.time.Instant;

/**
 * A verdict as it is kept.
 *
 * @param simulated whether either side's answers were made up
 * @param json the whole record, unchanged; its {@code sentence} is what pages show
 */
public record StoredVerdict(String id, String route, ModelId candidate, ModelId incumbent, Instant createdAt,
        Instant expiresAt, boolean simulated, String json) {

    public StoredVerdict {
        requireNonNull(id, "id is null");
        requireNonNull(route, "route is null");
        requireNonNull(candidate, "candidate is null");
        requireNonNull(incumbent, "incumbent is null");
        requireNonNull(createdAt, "createdAt is null");
        requireNonNull(expiresAt, "expiresAt is null");
        requireNonNull(json, "json is null");
    }
}
