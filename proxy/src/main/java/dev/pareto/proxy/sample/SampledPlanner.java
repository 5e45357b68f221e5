package dev.pareto.proxy.sample;

import java.util.Objects;

import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.key.Caller;
import dev.pareto.proxy.route.Planned;
import dev.pareto.proxy.route.Planner;

import io.netty.handler.codec.http.HttpHeaders;

/** A planner whose decided requests are offered as samples. */
public final class SampledPlanner implements Planner {

    /** Who wants nothing kept of a request says so with this. */
    private static final String CACHE = "Pareto-Cache";

    private final Planner planner;
    private final TrafficSamples samples;

    public SampledPlanner(Planner planner, TrafficSamples samples) {
        this.planner = Objects.requireNonNull(planner, "planner is null");
        this.samples = Objects.requireNonNull(samples, "samples is null");
    }

    @Override
    public Planned plan(OpenAiRequest request, Caller caller, HttpHeaders headers) {
        Planned planned = planner.plan(request, caller, headers);
        if (planned.route().sample() > 0 && !"no-store".equals(headers.get(CACHE))) {
            samples.offer(planned, request);
        }
        return planned;
    }
}
