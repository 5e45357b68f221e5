package dev.pareto.proxy.key;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import dev.pareto.policies.policy.GatewaySettings.CallerKey;

import org.jspecify.annotations.Nullable;

/** The Pareto keys that are in force, by the SHA-256 of the whole key in lower-case hex. Answers from memory; never blocks. */
@FunctionalInterface
public interface KeyRing {

    /** A ring without keys: nobody gets in where keys are asked for. */
    KeyRing EMPTY = hash -> null;

    /** @return the key, or null when there is no such key */
    @Nullable
    StoredKey find(String sha256);

    /**
     * @param name for people and reports
     * @param sha256 the hash that was stored, compared once more in constant time
     * @param tenant whose spending and whose cache it is
     * @param tags recorded with every attempt
     */
    record StoredKey(String name, String sha256, String tenant, Map<String, String> tags) {

        public StoredKey {
            tags = Map.copyOf(tags);
        }
    }

    /** The keys of the configuration file; only their hashes are kept. */
    static KeyRing of(Collection<CallerKey> keys) {
        Map<String, StoredKey> byHash = new HashMap<>();
        for (CallerKey key : keys) {
            String hash = Callers.sha256(key.secret().reveal());
            byHash.put(hash, new StoredKey(key.name(), hash, key.tenant(), key.tags()));
        }
        return Map.copyOf(byHash)::get;
    }
}
