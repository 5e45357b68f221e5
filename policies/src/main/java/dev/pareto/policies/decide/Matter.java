package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.Floor;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.predict.AccuracyForecasts;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one decision is about. Filled anew for each, so that it is not allocated, and emptied after it, so that nothing of a request is
 * kept. For one thread at a time.
 */
@SuppressWarnings("NullAway") // nobody reads it between two decisions
final class Matter {

    Route route;
    @Nullable
    Policy policy;
    /** The models that a rule lets serve; empty for all. */
    List<ModelId> only;
    /** That rule. */
    String onlyRule;
    List<Floor> floors;
    RequestFeatures request;
    Snapshot snapshot;
    @Nullable
    AccuracyForecasts accuracies;
    /** The caller's own limit. */
    @Nullable
    Money mostAsked;
    /** What the route usually answers, and no more than the caller takes. */
    int usualTokens;

    /** @param policy what is to be solved, as the rules left it; null for none */
    Matter begin(Route route, @Nullable Policy policy, Rules rules, RequestFeatures request, Snapshot snapshot) {
        this.route = route;
        this.policy = policy;
        this.only = rules.only();
        this.onlyRule = rules.onlyRule();
        this.floors = PolicyEngine.floors(request, snapshot.config(), route);
        this.request = request;
        this.snapshot = snapshot;
        int usual = Math.max(1, snapshot.outputLengths().applyAsInt(route.name()));
        Integer most = request.maxOutputTokens();
        this.usualTokens = most == null ? usual : Math.min(usual, most);
        this.accuracies = request.prompt() == null
                ? null
                : snapshot.accuracies().forecast(route.name(), request.prompt());
        BigDecimal limit = request.overrides().maxCostUsd();
        this.mostAsked = limit == null ? null : Money.rounded(limit, "USD");
        return this;
    }

    void end() {
        if (accuracies != null) {
            accuracies.done();
        }
        route = null;
        policy = null;
        floors = null;
        request = null;
        snapshot = null;
        accuracies = null;
        mostAsked = null;
    }
}
