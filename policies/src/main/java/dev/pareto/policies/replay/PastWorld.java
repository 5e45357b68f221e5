package dev.pareto.policies.replay;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.Decision;
import dev.pareto.policies.decide.LastServed;
import dev.pareto.policies.decide.Outcome;
import dev.pareto.policies.decide.Overrides;
import dev.pareto.policies.decide.PolicyEngine;
import dev.pareto.policies.decide.RequestFeatures;
import dev.pareto.policies.decide.Snapshot;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.predict.Accuracies;
import dev.pareto.policies.predict.AccuracyForecast;
import dev.pareto.policies.predict.AccuracyForecasts;
import dev.pareto.policies.predict.CachedShares;
import dev.pareto.policies.predict.FloorAnswer;
import dev.pareto.policies.predict.LatencyForecast;
import dev.pareto.policies.predict.OutputLengths;
import dev.pareto.policies.predict.accuracy.Influence;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapPlan;
import dev.pareto.policies.swap.SwapState;
import dev.pareto.policies.swap.Swaps;
import dev.pareto.policies.swap.guard.Monitor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The world as it was when a decision was made, for deciding it again: forecasts, evidence and health as recorded; prices of that day by the
 * price book. The gate stands: who might not serve then may not serve now, and a request outside a swap's share stays outside.
 */
final class PastWorld {

    private final PolicyEngine engine = new PolicyEngine();
    private final ParetoConfig config;

    PastWorld(ParetoConfig config) {
        this.config = config;
    }

    /** Who would serve; null where nobody might, or the configuration has no such route. */
    @Nullable
    ModelId choose(Recorded past) {
        Decision decision = engine.decide(named(past.features()), snapshot(past));
        return decision.outcome() instanceof Outcome.Chosen chosen ? chosen.model() : null;
    }

    /** A policy that the request named then and that is gone now is no reason to refuse it. */
    private RequestFeatures named(RequestFeatures features) {
        String policy = features.overrides().policy();
        if (policy == null || config.policies().containsKey(policy)) {
            return features;
        }
        var asked = features.overrides();
        return new RequestFeatures(features.requestId(), features.requestedModel(), features.promptTokens(),
                features.maxOutputTokens(), features.streamed(), features.tools(),
                new Overrides(null, asked.maxCostUsd(), asked.maxLatency(),
                        asked.minAccuracy(), asked.model(), asked.localOnly(), asked.dataClass(), null),
                features.tenant(), features.unit(), features.at(), features.callersKey(), features.addressed(),
                features.tags(), features.headers(), features.prompt(), features.serviceTier(),
                features.answers());
    }

    private Snapshot snapshot(Recorded past) {
        return new Snapshot(config, (model, tokens) -> latency(past.candidate(model)),
                route -> evidence(past, route), swaps(past),
                model -> {
                    Recorded.Candidate candidate = past.candidate(model);
                    return candidate == null || candidate.admitted();
                }, model -> null,
                route -> past.outputTokens() == null ? OutputLengths.FIRST_GUESS : past.outputTokens(),
                accuracies(past), LastServed.NONE, CachedShares.NONE, (model, at) -> {
                    Recorded.Candidate candidate = past.candidate(model);
                    return candidate == null ? null : candidate.commitment();
                });
    }

    private static LatencyForecast latency(Recorded.@Nullable Candidate candidate) {
        if (candidate == null || candidate.totalMillis() == null) {
            return LatencyForecast.UNKNOWN;
        }
        Duration total = Duration.ofMillis(candidate.totalMillis());
        Duration first = candidate.firstTokenMillis() == null ? total : Duration.ofMillis(candidate.firstTokenMillis());
        return new LatencyForecast(candidate.observations(), first, first, first, total, total, total);
    }

    /** A verdict counts for each suite that the swap asks for: recorded is only that all were good enough. */
    private List<Evidence> evidence(Recorded past, String route) {
        SwapPlan plan = config.swaps().get(route);
        List<Evidence> all = new ArrayList<>();
        for (Recorded.Candidate candidate : past.candidates()) {
            Evidence evidence = candidate.evidence();
            if (evidence != null) {
                all.add(evidence);
                for (String suite : plan == null ? List.<String>of() : plan.suites()) {
                    all.add(new Evidence(evidence.verdictId(), route, evidence.candidate(), evidence.incumbent(),
                            evidence.outcome(), evidence.margin(), evidence.difference(), evidence.lower(),
                            evidence.upper(), evidence.confidence(), evidence.candidateAccuracy(),
                            evidence.incumbentAccuracy(), evidence.simulated(), null, evidence.createdAt(),
                            evidence.expiresAt(), suite, evidence.general(), evidence.slices()));
                }
            }
        }
        return all;
    }

    private static Swaps swaps(Recorded past) {
        return key -> {
            Recorded.Candidate candidate = past.candidate(key.candidate());
            boolean serves = candidate != null && candidate.admitted();
            return new Swap(key, serves ? SwapState.OPEN : SwapState.OFFLINE, serves ? 1 : 0, 0, past.at(), null, null,
                    null, 0, null, null, Monitor.FRESH, "as recorded");
        };
    }

    private static Accuracies accuracies(Recorded past) {
        return (route, prompt) -> new AsRecorded(past);
    }

    /** What was forecast then; a floor by thresholds was not recorded and falls back on verdicts. */
    private record AsRecorded(Recorded past) implements AccuracyForecasts {

        @Override
        public @Nullable AccuracyForecast of(ModelId model) {
            Recorded.Candidate candidate = past.candidate(model);
            return candidate == null ? null : candidate.accuracy();
        }

        @Override
        public FloorAnswer floor(ModelId candidate, ModelId reference, double margin, double confidence) {
            return new FloorAnswer.NotLearnt();
        }

        @Override
        public List<Influence> why(ModelId model) {
            return List.of();
        }
    }
}
