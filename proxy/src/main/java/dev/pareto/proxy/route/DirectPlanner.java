package dev.pareto.proxy.route;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.policy.Route;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.key.Caller;
import dev.pareto.proxy.meter.Billing;
import dev.pareto.proxy.meter.MeteredRequest;
import dev.pareto.proxy.meter.Meter;
import dev.pareto.proxy.upstream.Plan;

import io.netty.handler.codec.http.HttpHeaders;

/** Takes a route's candidates in their order. */
public final class DirectPlanner implements Planner {

    private final Supplier<ParetoConfig> config;
    private final Meter meter;

    public DirectPlanner(Supplier<ParetoConfig> config, Meter meter) {
        this.config = config;
        this.meter = meter;
    }

    @Override
    public Planned plan(OpenAiRequest request, Caller caller, HttpHeaders headers) {
        ParetoConfig now = config.get();
        Route route = now.route(request.model()).orElseThrow(() -> new RefusedException(new OpenAiError(404,
                "invalid_request_error", "model_not_found", "The model '" + request.model() + "' does not exist here.", "model", null)));
        List<ModelId> chain = new ArrayList<>(route.candidates());
        chain.addAll(route.fallbacks());
        Model baseline = route.baseline() == null ? null : now.catalogue().find(route.baseline()).orElse(null);
        MeteredRequest metered = new MeteredRequest(meter.newRequestId(), caller.tenant(), caller.tags(),
                route.declared() ? route.name() : "-", request.model(), request.endpoint().usageDialect(),
                request.endpoint() != Endpoint.EMBEDDINGS, baseline, null, Billing.ceilTokens(request.promptCharacters()),
                request.maxOutputTokens(), request.serviceTier());
        return new Planned(new Plan(request, metered, caller, headers, chain), route, route.policy(), "first candidate");
    }
}
