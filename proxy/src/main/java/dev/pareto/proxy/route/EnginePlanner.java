package dev.pareto.proxy.route;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.decide.Decision;
import dev.pareto.policies.decide.DecisionView;
import dev.pareto.policies.decide.Outcome;
import dev.pareto.policies.decide.Overrides;
import dev.pareto.policies.decide.PolicyEngine;
import dev.pareto.policies.decide.RequestFeatures;
import dev.pareto.policies.decide.Snapshot;
import dev.pareto.policies.swap.Assignment;
import dev.pareto.policies.experiment.Arm;
import dev.pareto.policies.experiment.Experiments;
import dev.pareto.policies.experiment.Who;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.predict.TokenEstimator;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.experiment.Enlistment;
import dev.pareto.proxy.guard.HeaderLists;
import dev.pareto.proxy.key.Caller;
import dev.pareto.proxy.meter.Meter;
import dev.pareto.proxy.meter.MeteredRequest;
import dev.pareto.proxy.swap.Enrolment;
import dev.pareto.proxy.upstream.LocalModels;
import dev.pareto.proxy.upstream.Plan;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** Asks the policy engine, and turns its decision into a plan or a refusal in the caller's dialect. Thread-safe. */
public final class EnginePlanner implements Planner {

    /** A conversation or user, in the caller's own words; never stored. */
    private static final String UNIT = "Pareto-Unit";

    private final PolicyEngine engine = new PolicyEngine();
    private final Supplier<Snapshot> world;
    private final LocalModels models;
    private final Meter meter;
    private final TokenEstimator tokens;
    private final Experiments experiments;
    private final InstantSource clock;

    /**
     * @param world everything known at this moment, from memory
     * @param models asked first: they know what is bound to fail
     * @param experiments that assign requests before they are decided
     */
    public EnginePlanner(Supplier<Snapshot> world, LocalModels models, Meter meter, TokenEstimator tokens,
            Experiments experiments, InstantSource clock) {
        this.world = world;
        this.models = models;
        this.meter = meter;
        this.tokens = tokens;
        this.experiments = experiments;
        this.clock = clock;
    }

    @Override
    public Planned plan(OpenAiRequest request, Caller caller, HttpHeaders headers) {
        Snapshot now = world.get();
        models.refuseUnserved(now.config(), request);
        UUID id = meter.newRequestId();
        Route route = now.config().route(request.model()).orElse(null);
        int promptTokens = route == null
                ? 0
                : tokens.promptTokens(route.candidates().getFirst(), request.promptCharacters());
        Map<String, String> tags = Tags.of(headers, caller);
        RequestFeatures features = new RequestFeatures(id.toString(), request.model(), promptTokens,
                maxOutput(request), request.stream(), request.tools(), overrides(headers), caller.tenant(),
                clock.instant()).of(unit(request, caller, headers, id), tags);
        String addressed = now.config().catalogue().addressed(request.model()).map(Vendor::name).orElse(null);
        RequestFeatures known = caller.authorization() == null ? features : features.withCallersKey(addressed);
        Enlistment part = route == null ? null : enlist(route, request, caller, headers, features);
        Arm treatment = part == null ? null : part.treatment();
        Decision treated = treatment == null ? null : engine.decide(known, now, treatment);
        boolean applied = treated != null && treated.outcome() instanceof Outcome.Chosen;
        // an arm that no model can serve is no reason to refuse the caller
        Decision decision = treated != null && applied ? treated : engine.decide(known, now);
        return switch (decision.outcome()) {
            case Outcome.Chosen chosen -> {
                if (route == null) {
                    throw new IllegalStateException("a model was chosen without a route");
                }
                yield planned(request, caller, headers, now, features, id, route, decision, chosen, addressed, part,
                        applied);
            }
            case Outcome.Infeasible none -> throw new RefusedException(new OpenAiError(422, "invalid_request_error",
                    "policy_infeasible",
                    "No model of " + decision.route() + " may serve this request: " + none.bindingConstraint()
                            + ". Nearest: " + none.nearestRelaxation() + ".",
                    null, null));
            case Outcome.UnknownModel unknown ->
                throw new RefusedException(new OpenAiError(404, "invalid_request_error",
                        "model_not_found", "The model '" + shorten(unknown.requested()) + "' does not exist here"
                                + meant(unknown.suggestion()) + "; GET /v1/models lists those that do.",
                        "model", null));
            case Outcome.UnknownPolicy unknown -> throw new RefusedException(OpenAiError.badRequest("policy_not_found",
                    "The policy '" + shorten(unknown.requested()) + "' does not exist here"
                            + meant(unknown.suggestion()) + ".",
                    null));
        };
    }

    /** Whoever asks again meets the same model: the caller's own word for a conversation or user, else each request alone. */
    private static String unit(OpenAiRequest request, Caller caller, HttpHeaders headers, UUID id) {
        String named = headers.get(UNIT);
        String unit = named == null || named.isBlank() ? request.user() : named;
        return unit == null || unit.isBlank() ? id.toString() : caller.tenant() + "/" + unit;
    }

    /** Who says which model or policy is to serve, or that nobody may see it, has decided for himself. */
    private @Nullable Enlistment enlist(Route route, OpenAiRequest request, Caller caller, HttpHeaders headers,
            RequestFeatures features) {
        Overrides asked = features.overrides();
        if (asked.model() != null || asked.policy() != null || asked.localOnly()) {
            return null;
        }
        Who who = new Who(request.user(), headers.get(UNIT), caller.tenant(), features.requestId());
        return Enlistment.of(experiments, route.name(), who, features.tags(), request);
    }

    private static Planned planned(OpenAiRequest request, Caller caller, HttpHeaders headers, Snapshot now,
            RequestFeatures features, UUID id, Route route, Decision decision, Outcome.Chosen chosen,
            @Nullable String addressed, @Nullable Enlistment part, boolean applied) {
        OpenAiRequest asked = part != null && applied ? part.request(request) : request;
        List<ModelId> chain = new ArrayList<>(chosen.fallbacks().size() + 1);
        chain.add(chosen.model());
        chain.addAll(chosen.fallbacks());
        Model baseline = decision.baseline() == null
                ? null
                : now.config().catalogue().find(decision.baseline()).orElse(null);
        MeteredRequest metered = new MeteredRequest(id, caller.tenant(), features.tags(), route.name(),
                request.model(),
                request.endpoint().usageDialect(), request.endpoint().generates(), baseline,
                kept(decision, features), request.promptCharacters(),
                features.promptTokens(),
                request.answers(), request.maxOutputTokens(), request.serviceTier(),
                part == null ? null : part.exposure(decision, applied, request, now.available()));
        Plan plan = new Plan(asked, metered, caller, HeaderLists.toVendor(headers), chain, addressed);
        return new Planned(plan, route, decision.policy(), decision.reason(),
                Enrolment.of(decision, features.overrides().model() != null, features.unit(),
                        part != null && applied && part.steers(), features.overrides().localOnly()));
    }

    /** The decision for the ledger, with whose it was as a hash: feedback that comes later counts once a unit. */
    private static String kept(Decision decision, RequestFeatures features) {
        var view = new LinkedHashMap<String, @Nullable Object>(DecisionView.of(decision));
        if (!features.unit().equals(features.requestId())) {
            view.put("unit", Long.toHexString(Assignment.hash("unit", features.unit())));
        }
        return Json.mapper().writeValueAsString(view);
    }

    private static Overrides overrides(HttpHeaders headers) {
        try {
            return Overrides.fromHeaders(headers::get);
        } catch (IllegalArgumentException wrong) {
            throw new RefusedException(
                    OpenAiError.badRequest("invalid_header", String.valueOf(wrong.getMessage()), null));
        }
    }

    private static @Nullable Integer maxOutput(OpenAiRequest request) {
        Integer most = request.maxOutputTokens();
        return most == null ? null : Math.max(0, most);
    }

    private static String meant(String suggestion) {
        return suggestion.isEmpty() ? "" : " (did you mean '" + suggestion + "'?)";
    }

    private static String shorten(String name) {
        return name.length() <= 100 ? name : name.substring(0, 100) + "…";
    }
}
