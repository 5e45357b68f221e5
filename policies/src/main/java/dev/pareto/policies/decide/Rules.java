package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.condition.Condition;
import dev.pareto.policies.condition.ConditionFacts;
import dev.pareto.policies.condition.Language;
import dev.pareto.policies.policy.Constraints;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.policy.WhenInfeasible;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which rules of route and policy hold for one request, and what they make of its policy. */
final class Rules {

    private final Facts facts;
    private List<RuleTrace> traces = List.of();

    /**
     * What is to be solved.
     *
     * @param policy null for none
     * @param only the models that a rule lets serve; empty for all
     * @param onlyRule that rule; empty for none
     */
    record Applied(@Nullable Policy policy, List<ModelId> only, String onlyRule) {}

    Rules(RequestFeatures request, Route route) {
        this.facts = new Facts(request, route.name());
    }

    /** Those that held or failed, in the order asked. */
    List<RuleTrace> traces() {
        return traces;
    }

    /** The first of the route's rules that holds; null when none does. */
    Route.@Nullable Rule first(Route route) {
        List<Route.Rule> rules = route.rules();
        for (int i = 0; i < rules.size(); i++) {
            if (holds(rules.get(i).when(), route.name(), i + 1)) {
                return rules.get(i);
            }
        }
        return null;
    }

    /** Name of the rule that held last. */
    String lastName() {
        return traces.isEmpty() ? "" : traces.getLast().name();
    }

    /** The policy with what its rules add for this request. */
    @Nullable
    Policy tightened(@Nullable Policy policy) {
        if (policy == null || policy.rules().isEmpty()) {
            return policy;
        }
        Constraints constraints = policy.constraints();
        List<Policy.Rule> rules = policy.rules();
        for (int i = 0; i < rules.size(); i++) {
            if (holds(rules.get(i).when(), policy.name(), i + 1)) {
                constraints = constraints.and(rules.get(i).constraints());
            }
        }
        return policy.with(constraints);
    }

    /** Both policies hold: the objective of the one that was asked for, every constraint of either. */
    static @Nullable Policy both(@Nullable Policy own, @Nullable Policy asked) {
        if (own == null || asked == null) {
            return asked == null ? own : asked;
        }
        if (own.name().equals(asked.name())) {
            return own;
        }
        boolean reject = own.whenInfeasible() == WhenInfeasible.REJECT
                || asked.whenInfeasible() == WhenInfeasible.REJECT;
        return new Policy(asked.name(), asked.objective(), own.constraints().and(asked.constraints()),
                reject ? WhenInfeasible.REJECT : WhenInfeasible.CLOSEST, asked.hysteresis(), List.of(),
                asked.explore());
    }

    private boolean holds(Condition condition, String owner, int number) {
        return switch (condition.test(facts)) {
            case Condition.Answer.Holds holds -> {
                trace(new RuleTrace(owner, number, condition.text(), null));
                yield true;
            }
            case Condition.Answer.HoldsNot not -> false;
            case Condition.Answer.Failed failed -> {
                trace(new RuleTrace(owner, number, condition.text(), failed.reason()));
                yield false;
            }
        };
    }

    private void trace(RuleTrace trace) {
        if (traces.isEmpty()) {
            traces = new ArrayList<>(2);
        }
        traces.add(trace);
    }

    private record Facts(RequestFeatures request, String route) implements ConditionFacts {

        @Override
        public String tenant() {
            return request.tenant();
        }

        @Override
        public Map<String, String> tags() {
            return request.tags();
        }

        @Override
        public Map<String, String> headers() {
            return request.headers();
        }

        @Override
        public int tokens() {
            return request.promptTokens();
        }

        @Override
        public int maxOutputTokens() {
            Integer most = request.maxOutputTokens();
            return most == null ? 0 : most;
        }

        @Override
        public boolean tools() {
            return request.tools();
        }

        @Override
        public boolean stream() {
            return request.streamed();
        }

        @Override
        public String dataClass() {
            List<String> classes = request.dataClasses();
            return request.overrides().localOnly() && classes.isEmpty()
                    ? "local-only"
                    : classes.isEmpty() ? "" : classes.getFirst();
        }

        @Override
        public String language() {
            return request.prompt() == null ? "" : Language.of(request.prompt().text());
        }

        @Override
        public Instant now() {
            return request.at();
        }
    }
}
