package dev.pareto.proxy.route;

import java.time.Duration;
import java.util.function.Function;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.Latencies;
import dev.pareto.policies.predict.LatencyForecast;

import org.jspecify.annotations.Nullable;

/**
 * Forecasts that heed how long a model's queue is now: what it takes longer than a first token usually does comes on top of all
 * that was observed. So a candidate whose queue has just grown loses before slow answers have been observed.
 *
 * @param delay until a call that comes now would be begun; zero where that is not known
 */
public record QueuedLatencies(Latencies observed, Function<ModelId, Duration> delay) implements Latencies {

    @Override
    public LatencyForecast forecast(ModelId model, int outputTokens) {
        LatencyForecast usual = observed.forecast(model, outputTokens);
        Duration first = usual.firstTokenP50();
        Duration more = first == null ? Duration.ZERO : delay.apply(model).minus(first);
        return more.isPositive()
                ? new LatencyForecast(usual.observations(), plus(first, more), plus(usual.firstTokenP95(), more),
                        plus(usual.firstTokenP99(), more), plus(usual.totalP50(), more), plus(usual.totalP95(), more),
                        plus(usual.totalP99(), more), usual.probeShare())
                : usual;
    }

    private static @Nullable Duration plus(@Nullable Duration usual, Duration more) {
        return usual == null ? null : usual.plus(more);
    }
}
