package dev.pareto.policies.predict;

import dev.pareto.policies.catalog.ModelId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/** The latency tracker of every model; grows with the catalogue, which is bounded. */
public final class LatencyBoard implements Latencies {

    private final LongSupplier nanoTime;
    private final ConcurrentMap<ModelId, LatencyTracker> trackers = new ConcurrentHashMap<>();

    public LatencyBoard(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    public LatencyTracker tracker(ModelId model) {
        LatencyTracker tracker = trackers.get(model);
        return tracker != null
                ? tracker
                : trackers.computeIfAbsent(model, id -> new LatencyTracker(nanoTime));
    }

    @Override
    public LatencyForecast forecast(ModelId model, int outputTokens) {
        LatencyTracker tracker = trackers.get(model);
        return tracker == null ? LatencyForecast.UNKNOWN : tracker.forecast(outputTokens);
    }
}
