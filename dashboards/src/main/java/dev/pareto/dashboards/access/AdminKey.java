package dev.pareto.dashboards.access;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key of the admin port as it is kept: never the key itself.
 *
 * @param name of the person or the program; what it does is written down under this name
 * @param role in lower case, e.g. {@code finance}
 * @param prefix its first characters, by which a person recognises it
 * @param sha256 lower-case hex of the whole key's hash
 * @param expiresAt the first instant at which it is no longer good; null for never
 * @param lastUsedAt to the minute; null while it was never used
 * @param revokedAt null while it is good
 */
public record AdminKey(String id, String name, String role, String prefix, String sha256, String createdBy,
        Instant createdAt, @Nullable Instant expiresAt, @Nullable Instant lastUsedAt, @Nullable Instant revokedAt) {

    public AdminKey {
        requireNonNull(id, "id is null");
        requireNonNull(createdAt, "createdAt is null");
        if (!name.matches("[!-~]{1,80}")) {
            throw new IllegalArgumentException(
                    "a key's name is letters, digits and signs without spaces, at most 80, not '" + name + "'");
        }
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("sha256 must be 64 lower-case hex digits");
        }
        if (expiresAt != null && !expiresAt.isAfter(createdAt)) {
            throw new IllegalArgumentException("a key cannot expire before it is made");
        }
    }

    /** Whether its bearer is let in. */
    public boolean good(Instant now) {
        return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }
}
