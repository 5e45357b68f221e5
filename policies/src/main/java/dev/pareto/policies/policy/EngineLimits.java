package dev.pareto.policies.policy;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the engine in this process may keep in memory.
 *
 * @param memory of all loaded models together
 * @param unloadAfter how long a model stays that nobody asks
 * @param pinned models that stay once they are loaded; null for the one on board
 */
public record EngineLimits(MemoryCap memory, Duration unloadAfter, @Nullable Set<ModelId> pinned) {

    public static final EngineLimits DEFAULT = new EngineLimits(MemoryCap.parse("70 %"), Duration.ofMinutes(30), null);

    public EngineLimits {
        requireNonNull(memory, "memory is null");
        requireNonNull(unloadAfter, "unloadAfter is null");
        pinned = pinned == null ? null : Set.copyOf(pinned);
        if (!unloadAfter.isPositive()) {
            throw new IllegalArgumentException("unload-after must be above zero, got " + unloadAfter);
        }
    }
}
