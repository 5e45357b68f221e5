package dev.pareto.proxy.route;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.pareto.policies.cascade.AcceptanceRates;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.decide.CascadeRule;
import dev.pareto.policies.decide.CascadeStep;
import dev.pareto.policies.decide.Decision;
import dev.pareto.policies.decide.Outcome;
import dev.pareto.policies.decide.Overrides;
import dev.pareto.policies.decide.PolicyEngine;
import dev.pareto.policies.decide.RequestFeatures;
import dev.pareto.policies.decide.RequestView;
import dev.pareto.policies.decide.RuleTrace;
import dev.pareto.policies.decide.Snapshot;
import dev.pareto.policies.swap.Assignment;
import dev.pareto.policies.experiment.Arm;
import dev.pareto.policies.experiment.Experiments;
import dev.pareto.policies.experiment.Who;
import dev.pareto.policies.policy.Floor;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.policy.Permission;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.predict.PromptText;
import dev.pareto.policies.predict.TokenEstimator;
import dev.pareto.policies.swap.SwapPlan;
import dev.pareto.proxy.cascade.CascadeRecord;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.experiment.Enlistment;
import dev.pareto.proxy.explore.Explorers;
import dev.pareto.proxy.guard.HeaderLists;
import dev.pareto.proxy.key.Caller;
import dev.pareto.proxy.key.Callers;
import dev.pareto.proxy.meter.Meter;
import dev.pareto.proxy.meter.MeteredRequest;
import dev.pareto.proxy.swap.Enrolment;
import dev.pareto.proxy.upstream.LocalModels;
import dev.pareto.proxy.upstream.Plan;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** Asks the policy engine, and turns its decision into a plan or a refusal in the caller's dialect. Thread-safe. */
public final class EnginePlanner implements Planner {

    /** A conversation or user, in the caller's own words; never stored. */
    private static final String UNIT = "Pareto-Unit";

    private static final int LONGEST_REASON = 200;

    private final PolicyEngine engine = new PolicyEngine();
    private final CascadeRule cascades = new CascadeRule();
    private final Explanations explanations;
    private final AcceptanceRates rates;
    private final Supplier<Snapshot> world;
    private final LocalModels models;
    private final Meter meter;
    private final TokenEstimator tokens;
    private final Experiments experiments;
    private final InstantSource clock;
    private final RecentModels recent;
    private final Explorers explorers;
    private final MeterRegistry meters;
    private volatile @Nullable Asked asked;

    /** What a configuration's conditions ask of requests, found once. */
    private record Asked(ParetoConfig of, Set<String> headers, boolean language) {}

    /**
     * @param world everything known at this moment, from memory
     * @param models asked first: they know what is bound to fail
     * @param experiments that assign requests before they are decided
     * @param rates how often answers of cascades' first models passed
     * @param recent is told of every decision; the world's memory of who served last
     * @param explorers are asked once the engine has decided, where the policy learns from its own answers
     * @param meters where rules that fail are counted
     */
    public EnginePlanner(Supplier<Snapshot> world, LocalModels models, Meter meter, TokenEstimator tokens,
            Experiments experiments, AcceptanceRates rates, InstantSource clock, RecentModels recent,
            Explorers explorers, MeterRegistry meters) {
        this.explorers = explorers;
        this.rates = rates;
        this.world = world;
        this.models = models;
        this.meter = meter;
        this.tokens = tokens;
        this.experiments = experiments;
        this.clock = clock;
        this.explanations = new Explanations(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()));
        this.recent = recent;
        this.meters = meters;
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
                maxOutput(request), request.stream(), request.tools(), overrides(headers, now.config(), caller),
                caller.tenant(),
                clock.instant()).of(unit(request, caller, headers, id), tags)
                .at(request.serviceTier())
                .answering(request.answers())
                .reading(named(headers, asked(now.config())), prompt(request, now, route, tags));
        String addressed = now.config().catalogue().addressed(request.model()).map(Vendor::name).orElse(null);
        RequestFeatures known = caller.authorization() == null ? features : features.withCallersKey(addressed);
        Enlistment part = route == null ? null : enlist(route, request, caller, headers, features);
        Arm treatment = part == null ? null : part.treatment();
        Decision treated = treatment == null ? null : engine.decide(known, now, treatment);
        boolean applied = treated != null && treated.outcome() instanceof Outcome.Chosen;
        // an arm that no model can serve is no reason to refuse the caller
        Decision engines = treated != null && applied ? treated : engine.decide(known, now);
        note(engines, known, applied);
        CascadeStep step = route == null || !request.endpoint().generates()
                ? null
                : cascade(request, route, engines, known, now, part != null && applied && part.steers());
        // what an experiment assigns, a caller names or a cascade asks is not drawn
        Decision decision = (part != null && applied && part.steers()) || step instanceof CascadeStep.Ask
                || features.overrides().model() != null
                || !request.endpoint().generates() ? engines : explored(engines, known, now);
        boolean moved = !decision.outcome().equals(engines.outcome());
        return switch (decision.outcome()) {
            case Outcome.Chosen chosen -> {
                if (route == null) {
                    throw new IllegalStateException("a model was chosen without a route");
                }
                List<ModelId> chain = new ArrayList<>(chosen.fallbacks().size() + 1);
                chain.add(chosen.model());
                chain.addAll(chosen.fallbacks());
                yield planned(request, caller, headers, now, features, id, route, decision, chain, addressed, part,
                        applied, step, moved);
            }
            case Outcome.Infeasible none when route != null && step instanceof CascadeStep.Ask ask ->
                planned(request, caller, headers, now, features, id, route, decision, ask.escalation(), addressed, part,
                        applied, step, false);
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

    private Decision explored(Decision decision, RequestFeatures known, Snapshot now) {
        Policy policy = policy(now, decision);
        return policy == null || policy.explore() == null
                ? decision
                : explorers.choose(decision, known, policy, now.latencies());
    }

    /** One answer is judged, so one must be asked for; and what an experiment compares must not be mixed. */
    private @Nullable CascadeStep cascade(OpenAiRequest request, Route route, Decision decision, RequestFeatures known,
            Snapshot now, boolean steered) {
        if (route.cascade() == null) {
            return null;
        }
        return request.answers() > 1
                ? new CascadeStep.Stand("only one answer can be judged")
                : steered
                        ? new CascadeStep.Stand("an experiment decides")
                        : cascades.decide(route, decision, known, now, rates);
    }

    /**
     * Whoever asks again meets the same model: a hash of the caller's own word for a conversation or user, else each request alone. The
     * word itself is kept nowhere, and however long it is, what is remembered of it is short.
     */
    private static String unit(OpenAiRequest request, Caller caller, HttpHeaders headers, UUID id) {
        String named = headers.get(UNIT);
        String unit = named == null || named.isBlank() ? request.user() : named;
        return unit == null || unit.isBlank() ? id.toString() : Callers.sha256(caller.tenant() + "/" + unit);
    }

    /** Who says which model or policy is to serve, or that nobody may see it, has decided for himself. */
    private @Nullable Enlistment enlist(Route route, OpenAiRequest request, Caller caller, HttpHeaders headers,
            RequestFeatures features) {
        Overrides asked = features.overrides();
        if (asked.model() != null || asked.policy() != null || asked.sent() != null || asked.localOnly()) {
            return null;
        }
        Who who = new Who(request.user(), headers.get(UNIT), caller.tenant(), features.requestId());
        return Enlistment.of(experiments, route.name(), who, features.tags(), request);
    }

    private Planned planned(OpenAiRequest request, Caller caller, HttpHeaders headers, Snapshot now,
            RequestFeatures features, UUID id, Route route, Decision decision, List<ModelId> chain,
            @Nullable String addressed, @Nullable Enlistment part, boolean applied, @Nullable CascadeStep step,
            boolean moved) {
        OpenAiRequest asked = part != null && applied ? part.request(request) : request;
        Model baseline = decision.baseline() == null
                ? null
                : now.config().catalogue().find(decision.baseline()).orElse(null);
        MeteredRequest metered = new MeteredRequest(id, caller.tenant(), features.tags(), route.name(),
                request.model(),
                request.endpoint().usageDialect(), request.endpoint().generates(), baseline,
                Json.mapper()
                        .writeValueAsString(view(RequestView.of(decision, features,
                                now.outputLengths().applyAsInt(route.name()), policy(now, decision),
                                explanations.of(decision, features, now)), features, step)),
                request.promptCharacters(),
                features.promptTokens(),
                request.answers(), request.maxOutputTokens(), request.serviceTier(),
                part == null ? null : part.exposure(decision, applied, request, now.available()));
        Plan plan = new Plan(asked, metered, caller, HeaderLists.toVendor(headers), chain, addressed);
        CascadeStep.Ask cascade = step instanceof CascadeStep.Ask ask ? ask : null;
        // whom a cascade answers or a bandit moves belongs to neither arm of a swap: it was not its share that decided
        return new Planned(plan, route, decision.policy(), reason(decision, step),
                Enrolment.of(decision, features.overrides().model() != null || cascade != null || moved,
                        features.unit(),
                        part != null && applied && part.steers(), staysAway(now.config(), route, features)),
                cascade);
    }

    /** The decision for the ledger, with whose it was as a hash: feedback that comes later counts once a unit. */
    private static Map<String, @Nullable Object> view(Map<String, @Nullable Object> view, RequestFeatures features,
            @Nullable CascadeStep step) {
        if (!features.unit().equals(features.requestId())) {
            view.put("unit", Long.toHexString(Assignment.hash("unit", features.unit())));
        }
        if (step != null) {
            view.put("cascade", CascadeRecord.before(step));
        }
        return view;
    }

    private static String reason(Decision decision, @Nullable CascadeStep step) {
        String reason = step instanceof CascadeStep.Stand stand
                ? decision.reason() + "; no cascade: " + stand.why()
                : decision.reason();
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON - 3) + "...";
    }

    private static @Nullable Policy policy(Snapshot now, Decision decision) {
        return decision.policy() == null ? null : now.config().policies().get(decision.policy());
    }

    /** Rules that fail are counted; a choice that is no experiment's is remembered. */
    private void note(Decision decision, RequestFeatures features, boolean experiments) {
        for (RuleTrace rule : decision.rules()) {
            if (rule.failure() != null) {
                meters.counter("pareto.policy.rule.failures", "rule", rule.name()).increment();
            }
        }
        if (!experiments && decision.outcome() instanceof Outcome.Chosen chosen && decision.policy() != null
                && decision.assessments().size() > 1) {
            String unit = features.unit().equals(features.requestId()) ? "" : features.unit();
            recent.served(decision.route(), unit, chosen.model());
        }
    }

    @SuppressWarnings("ReferenceEquality") // a reload makes another configuration; comparing whole ones takes long
    private Asked asked(ParetoConfig config) {
        Asked known = asked;
        if (known == null || known.of() != config) {
            known = new Asked(config, config.conditionHeaders(), config.asksForLanguage());
            asked = known;
        }
        return known;
    }

    private static Map<String, String> named(HttpHeaders headers, Asked asked) {
        if (asked.headers().isEmpty()) {
            return Map.of();
        }
        Map<String, String> named = new HashMap<>();
        for (String name : asked.headers()) {
            String value = headers.get(name);
            if (value != null) {
                named.put(name, value);
            }
        }
        return named;
    }

    /** Read only where somebody predicts from it or asks for its language; gone with the decision. */
    private @Nullable PromptText prompt(OpenAiRequest request, Snapshot now, @Nullable Route route,
            Map<String, String> tags) {
        if (route == null || (!now.accuracies().knows(route.name()) && !asked(now.config()).language())) {
            return null;
        }
        SwapPlan plan = now.config().swaps().get(route.name());
        String tag = plan == null ? null : plan.segments().tag();
        return PromptReader.of(request, tag == null ? null : tags.get(tag));
    }

    /** Whether not every model may see the request, so that no copy of it goes to one besides those that answer. */
    private static boolean staysAway(ParetoConfig config, Route route, RequestFeatures features) {
        return features.overrides().localOnly() || config.floors()
                .stream()
                .anyMatch(floor -> (floor.models() != Floor.Models.ANY || !floor.only().isEmpty())
                        && floor.holds(features.dataClasses(), features.tenant(), route.name()));
    }

    private static Overrides overrides(HttpHeaders headers, ParetoConfig config, Caller caller) {
        try {
            Overrides overrides = Overrides.fromHeaders(headers::get, config);
            if (overrides.sent() != null && !caller.may().contains(Permission.SEND_POLICIES)) {
                throw new RefusedException(OpenAiError.refused(403, "policy_not_allowed",
                        "This key may name a policy of the gateway but not send one in Pareto-Policy; "
                                + "a key made with --may " + Permission.SEND_POLICIES.text() + " may."));
            }
            return overrides;
        } catch (IllegalArgumentException wrong) {
            throw new RefusedException(
                    OpenAiError.badRequest("invalid_header", String.valueOf(wrong.getMessage()), null));
        }
    }

    /** Vectors and rankings have no tokens. */
    private static @Nullable Integer maxOutput(OpenAiRequest request) {
        if (!request.endpoint().generates()) {
            return 0;
        }
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
