package dev.pareto.proxy.key;

import java.util.Map;
import java.util.Set;

import dev.pareto.policies.policy.Permission;

import org.jspecify.annotations.Nullable;

/** The Pareto keys that are in force, by the SHA-256 of the whole key in lower-case hex. Answers from memory; never blocks. */
@FunctionalInterface
public interface KeyRing {

    /** A ring without keys: nobody gets in where keys are asked for. */
    KeyRing EMPTY = hash -> null;

    /** @return the key, or null when there is no such key */
    @Nullable
    Entry find(String sha256);

    /** This ring's keys, and the other's where this one does not know the key. */
    default KeyRing or(KeyRing other) {
        return hash -> {
            Entry found = find(hash);
            return found != null ? found : other.find(hash);
        };
    }

    /**
     * A key that is in force.
     *
     * @param name for people and reports
     * @param sha256 the hash that was stored, compared once more in constant time
     * @param tenant whose spending and whose cache it is
     * @param tags recorded with every attempt
     * @param may what its bearer may do besides calling models
     */
    record Entry(String name, String sha256, String tenant, Map<String, String> tags, Set<Permission> may) {

        public Entry {
            tags = Map.copyOf(tags);
            may = Set.copyOf(may);
        }
    }
}
