package dev.pareto.policies.simulate;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.bandit.BanditPlan;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.Objective;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A world to be lived through.
 *
 * @param name for people
 * @param start of each candidate
 * @param changes in time
 * @param objective of the policy
 * @param latencyLimit of the policy, total at the 95th percentile; null for none
 * @param measured by how many items the quality of each was known at the start
 * @param bandit how the choice within the policy learns
 * @param requests how many come
 * @param perSecond how fast
 * @param labelled share of answers that somebody rates
 * @param labelDelay until a rating comes
 * @param seed of everything drawn
 */
public record WorldPlan(String name, Map<ModelId, Nature> start, List<Change> changes, Objective objective,
        @Nullable Duration latencyLimit, int measured, BanditPlan bandit, int requests, double perSecond,
        double labelled,
        Duration labelDelay, long seed) {

    public WorldPlan {
        requireNonNull(name, "name is null");
        requireNonNull(objective, "objective is null");
        requireNonNull(bandit, "bandit is null");
        requireNonNull(labelDelay, "labelDelay is null");
        start = Collections.unmodifiableMap(new TreeMap<>(start));
        changes = List.copyOf(changes);
        if (start.size() < 2) {
            throw new IllegalArgumentException("a world has two candidates or more");
        }
        if (requests < 1 || !(perSecond > 0)) {
            throw new IllegalArgumentException("a world has requests, and a rate of them");
        }
    }

    /**
     * From a request on a model is another one.
     *
     * @param kind what changed, for the report
     */
    public record Change(int request, ModelId model, Kind kind, Nature nature) {}

    /** What can change. */
    public enum Kind {
        LATENCY, HEALTH, PRICE, QUALITY
    }
}
