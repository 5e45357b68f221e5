package dev.pareto.proxy.key;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The Pareto keys that are in force, by the SHA-256 of the whole key in lower-case hex. Answers from memory; never blocks. */
@FunctionalInterface
public interface KeyRing {

    /** A ring without keys: nobody gets in where keys are asked for. */
    KeyRing EMPTY = hash -> null;

    /** @return the key's id, or null when there is no such key */
    @Nullable
    StoredKey find(String sha256);

    /**
     * @param id what the ledger calls the tenant
     * @param sha256 the hash that was stored, compared once more in constant time
     */
    record StoredKey(String id, String sha256) {}

    static KeyRing of(Map<String, StoredKey> byHash) {
        return Map.copyOf(byHash)::get;
    }
}
