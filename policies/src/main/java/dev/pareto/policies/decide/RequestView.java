package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.Objective;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.predict.accuracy.Influence;
import dev.pareto.policies.swap.Assignment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a decision knew of its request, as plain maps: enough to decide it again, nothing of its content, its unit as a hash. */
public final class RequestView {

    private RequestView() {}

    /**
     * The ledger's copy of a decision: {@link DecisionView} and, as {@code request}, what it was about.
     *
     * @param outputTokens that were expected
     * @param why what moved the accuracies of those candidates that are explained
     */
    public static Map<String, @Nullable Object> of(Decision decision, RequestFeatures features, int outputTokens,
            @Nullable Policy policy, Map<ModelId, List<Influence>> why) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>(DecisionView.of(decision, why));
        Map<String, @Nullable Object> request = new LinkedHashMap<>();
        request.put("at", features.at().toString());
        request.put("model", features.requestedModel());
        request.put("tenant", features.tenant());
        request.put("tags", features.tags());
        request.put("unit", features.unit().equals(features.requestId())
                ? features.requestId()
                : Long.toHexString(Assignment.hash("replay", features.unit())));
        request.put("prompt_tokens", features.promptTokens());
        request.put("max_output_tokens", features.maxOutputTokens());
        request.put("output_tokens", outputTokens);
        request.put("answers", features.answers());
        request.put("streamed", features.streamed());
        request.put("tools", features.tools());
        request.put("service_tier", features.serviceTier());
        request.put("callers_key", features.callersKey());
        request.put("addressed", features.addressed());
        request.put("asked", asked(features.overrides()));
        request.put("objective", policy == null ? null : objective(policy.objective()));
        view.put("request", request);
        return view;
    }

    private static Map<String, @Nullable Object> asked(Overrides overrides) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("policy", overrides.policy());
        view.put("sent_policy", overrides.sent() == null ? null : true);
        view.put("max_cost_usd", overrides.maxCostUsd() == null ? null : overrides.maxCostUsd().toPlainString());
        view.put("max_latency_ms", overrides.maxLatency() == null ? null : overrides.maxLatency().toMillis());
        view.put("min_accuracy", overrides.minAccuracy());
        view.put("model", overrides.model() == null ? null : overrides.model().toString());
        view.put("local_only", overrides.localOnly() ? true : null);
        view.put("data_class", overrides.dataClass());
        view.values().removeIf(value -> value == null);
        return view;
    }

    private static String objective(Objective objective) {
        return switch (objective) {
            case Objective.Single.MINIMISE_COST -> "cost";
            case Objective.Single.MINIMISE_LATENCY -> "latency";
            case Objective.Single.MAXIMISE_ACCURACY -> "accuracy";
            case Objective.Weighted ignored -> "weighted";
        };
    }
}
