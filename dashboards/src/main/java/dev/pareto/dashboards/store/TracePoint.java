package dev.pareto.dashboards.store;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.swap.SwapKey;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the guards of a swap thought at one moment.
 *
 * @param state the swap state machine's own name for it
 * @param share of the traffic that the candidate served
 * @param seen observations of the guard that has seen most
 * @param logStatistics by guard, ln of the e-value against the candidate
 * @param pairs of answers of both models that were held against each other; null before the first
 * @param inputs by feature how far live requests were from those of the evidence; empty where that was not known
 */
public record TracePoint(Instant at, SwapKey key, String state, double share, long seen,
        Map<String, Double> logStatistics, @Nullable Pairs pairs, Map<String, Double> inputs) {

    /** @param difference mean score of the candidate less the incumbent's */
    public record Pairs(long count, double difference) {}

    public TracePoint {
        requireNonNull(at, "at is null");
        requireNonNull(key, "key is null");
        requireNonNull(state, "state is null");
        logStatistics = Map.copyOf(logStatistics);
        inputs = Map.copyOf(inputs);
    }
}
