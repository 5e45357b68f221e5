package dev.pareto.proxy.access;

import dev.pareto.dashboards.access.AdminKey;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.proxy.key.Callers;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A key of the admin port at its birth, the only moment at which it is known whole.
 *
 * @param secret for its bearer; nobody keeps it
 * @param stored for the store: its hash and its first characters
 */
public record AdminToken(Secret secret, AdminKey stored) {

    /** What every key of the admin port begins with; callers' keys begin otherwise, and neither opens the other's port. */
    public static final String PREFIX = "ak-pareto-";

    private static final int RANDOM_BYTES = 32;
    private static final int SHOWN_OF_SECRET = 6;
    private static final Duration LONGEST = Duration.ofDays(3_660);

    /**
     * @param life null for no end
     * @param random one that nobody can foresee
     */
    public static AdminToken create(String name, Role role, String by, Instant now, @Nullable Duration life,
            RandomGenerator random) {
        if (life != null && (life.compareTo(Duration.ofMinutes(1)) < 0 || life.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException("a key is good for 1 minute to 3660 days, or without an end");
        }
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String key = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return new AdminToken(new Secret(key), new AdminKey(UUID.randomUUID().toString(), name, role.text(),
                key.substring(0, PREFIX.length() + SHOWN_OF_SECRET), Callers.sha256(key), by, now,
                life == null ? null : now.plus(life), null, null));
    }
}
