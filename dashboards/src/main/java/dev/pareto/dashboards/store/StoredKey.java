package dev.pareto.dashboards.store;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.policy.Permission;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A caller's key as it is kept: never the key itself.
 *
 * @param name for people and reports
 * @param prefix its first characters, by which a person recognises it
 * @param sha256 lower-case hex of the whole key's hash
 * @param tenant whose spending and whose cache it is
 * @param tags recorded with every attempt
 * @param may what its bearer may do besides calling models
 * @param lastUsedAt to the minute; null while it was never used
 * @param revokedAt null while it is good
 */
public record StoredKey(String id, String name, String prefix, String sha256, String tenant,
        Map<String, String> tags, Set<Permission> may, Instant createdAt, @Nullable Instant lastUsedAt,
        @Nullable Instant revokedAt) {

    public StoredKey {
        requireNonNull(id, "id is null");
        requireNonNull(name, "name is null");
        requireNonNull(prefix, "prefix is null");
        requireNonNull(tenant, "tenant is null");
        requireNonNull(createdAt, "createdAt is null");
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("sha256 must be 64 lower-case hex digits");
        }
        tags = Map.copyOf(tags);
        may = Set.copyOf(may);
    }

    /** A key for calls alone. */
    public StoredKey(String id, String name, String prefix, String sha256, String tenant, Map<String, String> tags,
            Instant createdAt, @Nullable Instant lastUsedAt, @Nullable Instant revokedAt) {
        this(id, name, prefix, sha256, tenant, tags, Set.of(), createdAt, lastUsedAt, revokedAt);
    }
}
