package dev.pareto.proxy.sample;

import java.util.Objects;

import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.key.Caller;
import dev.pareto.proxy.route.CacheWish;
import dev.pareto.proxy.route.Planned;
import dev.pareto.proxy.route.Planner;

import io.netty.handler.codec.http.HttpHeaders;

/** A planner whose decided requests are offered as samples, where the caller did not forbid that anything is kept. */
public final class SampledPlanner implements Planner {

    private final Planner planner;
    private final TrafficSamples samples;

    public SampledPlanner(Planner planner, TrafficSamples samples) {
        this.planner = Objects.requireNonNull(planner, "planner is null");
        this.samples = Objects.requireNonNull(samples, "samples is null");
    }

    @Override
    public Planned plan(OpenAiRequest request, Caller caller, HttpHeaders headers) {
        Planned planned = planner.plan(request, caller, headers);
        if (planned.route().sample() > 0 && CacheWish.of(headers).keeps()) {
            samples.offer(planned, request);
        }
        return planned;
    }
}
