package dev.pareto.proxy.key;

import dev.pareto.policies.policy.GatewaySettings.CallerKey;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** The keys of the configuration in force; only their hashes are looked at. Thread-safe. */
public final class ConfiguredKeys implements KeyRing {

    private final Supplier<List<CallerKey>> inForce;
    private volatile Hashed hashed = new Hashed(List.of(), Map.of());

    private record Hashed(List<CallerKey> keys, Map<String, Entry> byHash) {}

    /** @param inForce asked for every request; a reload brings another list */
    public ConfiguredKeys(Supplier<List<CallerKey>> inForce) {
        this.inForce = inForce;
    }

    @Override
    public @Nullable Entry find(String sha256) {
        List<CallerKey> keys = inForce.get();
        Hashed now = hashed;
        if (!now.keys().equals(keys)) {
            now = new Hashed(keys, byHash(keys));
            hashed = now;
        }
        return now.byHash().get(sha256);
    }

    private static Map<String, Entry> byHash(List<CallerKey> keys) {
        Map<String, Entry> byHash = new HashMap<>();
        for (CallerKey key : keys) {
            String hash = Callers.sha256(key.secret().reveal());
            byHash.put(hash, new Entry(key.name(), hash, key.tenant(), key.tags(), key.may()));
        }
        return Map.copyOf(byHash);
    }
}
