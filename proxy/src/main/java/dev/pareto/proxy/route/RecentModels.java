package dev.pareto.proxy.route;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.LastServed;

import org.jspecify.annotations.Nullable;

/**
 * Which model each unit met last, and each route, in memory and bounded: a unit that is forgotten follows its route. Another replica
 * remembers its own; what is lost is a prompt cache, never an answer. Thread-safe.
 */
public final class RecentModels implements LastServed {

    private static final int MOST = 100_000;
    private static final Duration KEPT = Duration.ofHours(1);

    private final Cache<Key, ModelId> units = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(KEPT).build();

    private record Key(String route, String unit) {}

    @Override
    public @Nullable ModelId of(String route, String unit) {
        ModelId own = units.getIfPresent(new Key(route, unit));
        return own != null ? own : units.getIfPresent(new Key(route, ""));
    }

    /**
     * @param unit empty for a request that no other one belongs with
     */
    void served(String route, String unit, ModelId model) {
        units.put(new Key(route, unit), model);
    }
}
