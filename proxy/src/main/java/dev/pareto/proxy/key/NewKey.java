package dev.pareto.proxy.key;

import dev.pareto.dashboards.store.StoredKey;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.policy.Permission;

import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * A key at its birth, the only moment at which it is known whole.
 *
 * @param secret for the caller; nobody keeps it
 * @param stored for the store: its hash and its first characters
 */
public record NewKey(Secret secret, StoredKey stored) {

    private static final int RANDOM_BYTES = 32;
    private static final int SHOWN_OF_SECRET = 6;

    /** @param random one that nobody can foresee */
    public static NewKey create(String name, String tenant, Map<String, String> tags, Set<Permission> may,
            Instant now, RandomGenerator random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String key = Callers.PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return new NewKey(new Secret(key), new StoredKey(UUID.randomUUID().toString(), name,
                key.substring(0, Callers.PREFIX.length() + SHOWN_OF_SECRET), Callers.sha256(key), tenant, tags, may,
                now, null, null));
    }
}
