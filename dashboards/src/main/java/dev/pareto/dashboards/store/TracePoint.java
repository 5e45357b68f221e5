package dev.pareto.dashboards.store;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.swap.SwapKey;
import java.time.Instant;
import java.util.Map;

/**
 * What the guards of a swap thought at one moment.
 *
 * @param state the swap state machine's own name for it
 * @param share of the traffic that the candidate served
 * @param seen observations of the guard that has seen most
 * @param logStatistics by guard, ln of the e-value against the candidate
 */
public record TracePoint(Instant at, SwapKey key, String state, double share, long seen,
        Map<String, Double> logStatistics) {

    public TracePoint {
        requireNonNull(at, "at is null");
        requireNonNull(key, "key is null");
        requireNonNull(state, "state is null");
        logStatistics = Map.copyOf(logStatistics);
    }
}
