package dev.pareto.policies.predict;

import dev.pareto.policies.catalog.ModelId;

/** What is known of latency now. Called for every request: answers from memory and never blocks. */
@FunctionalInterface
public interface Latencies {

    /** Nothing was observed yet. */
    Latencies UNKNOWN = (model, outputTokens) -> LatencyForecast.UNKNOWN;

    /** The forecast for an answer of about this many tokens. */
    LatencyForecast forecast(ModelId model, int outputTokens);
}
