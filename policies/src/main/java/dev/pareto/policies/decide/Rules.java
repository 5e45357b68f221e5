package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.condition.Condition;
import dev.pareto.policies.condition.ConditionFacts;
import dev.pareto.policies.condition.Language;
import dev.pareto.policies.policy.Constraints;
import dev.pareto.policies.policy.ParetoConfig;
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

    private @Nullable Facts facts;
    private List<RuleTrace> traces = List.of();
    private List<ModelId> only = List.of();
    private String onlyRule = "";

    /**
     * What is to be solved; afterwards {@link #only} and {@link #traces} tell what rules had to do with it.
     *
     * @param demanded the policy that the request or its arm asks for; null for none
     * @return null for none
     */
    @Nullable
    Policy apply(RequestFeatures request, Route route, @Nullable Policy demanded, ParetoConfig config) {
        clear();
        String ownName = route.policy();
        if (!route.rules().isEmpty()) {
            Route.Rule rule = first(request, route);
            only = rule == null ? List.of() : rule.only();
            onlyRule = only.isEmpty() ? "" : traces.getLast().name();
            ownName = rule != null && rule.policy() != null ? rule.policy() : ownName;
        }
        Policy own = ownName == null ? null : config.policies().get(ownName);
        return own != null && demanded != null && own.name().equals(demanded.name())
                ? tightened(own, request, route)
                : both(tightened(own, request, route), tightened(demanded, request, route));
    }

    /** Forgets the request. */
    void clear() {
        facts = null;
        traces = List.of();
        only = List.of();
        onlyRule = "";
    }

    /** The models that a rule lets serve; empty for all. */
    List<ModelId> only() {
        return only;
    }

    /** The rule that says so; empty for none. */
    String onlyRule() {
        return onlyRule;
    }

    /** Those that held or failed, in the order asked. */
    List<RuleTrace> traces() {
        return traces;
    }

    /** The first of the route's rules that holds; null when none does. */
    private Route.@Nullable Rule first(RequestFeatures request, Route route) {
        List<Route.Rule> rules = route.rules();
        for (int i = 0; i < rules.size(); i++) {
            if (holds(rules.get(i).when(), request, route, route.name(), i + 1)) {
                return rules.get(i);
            }
        }
        return null;
    }

    /** Made when the first condition asks. */
    private Facts facts(RequestFeatures request, Route route) {
        Facts known = facts;
        if (known == null) {
            known = new Facts(request, route.name(), first(request));
            facts = known;
        }
        return known;
    }

    /** The policy with what its rules add for this request. */
    private @Nullable Policy tightened(@Nullable Policy policy, RequestFeatures request, Route route) {
        if (policy == null || policy.rules().isEmpty()) {
            return policy;
        }
        Constraints constraints = policy.constraints();
        List<Policy.Rule> rules = policy.rules();
        for (int i = 0; i < rules.size(); i++) {
            if (holds(rules.get(i).when(), request, route, policy.name(), i + 1)) {
                constraints = constraints.and(rules.get(i).constraints());
            }
        }
        return policy.with(constraints);
    }

    /** Both policies hold: the objective of the one that was asked for, every constraint of either. */
    private static @Nullable Policy both(@Nullable Policy own, @Nullable Policy asked) {
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

    /** What is said of the data: the first word of several, {@code local-only}, or nothing. */
    private static String first(RequestFeatures request) {
        List<String> classes = request.dataClasses();
        return !classes.isEmpty() ? classes.getFirst() : request.overrides().localOnly() ? "local-only" : "";
    }

    /** What a caller says of the data hides nothing that the key says: a condition holds where it does for one of their classes. */
    private Condition.Answer test(Condition condition, RequestFeatures request, Route route) {
        Condition.Answer answer = condition.test(facts(request, route));
        List<String> classes = request.dataClasses();
        for (int i = 1; i < classes.size() && !(answer instanceof Condition.Answer.Holds); i++) {
            Condition.Answer other = condition.test(new Facts(request, route.name(), classes.get(i)));
            answer = other instanceof Condition.Answer.HoldsNot ? answer : other;
        }
        return answer;
    }

    private boolean holds(Condition condition, RequestFeatures request, Route route, String owner, int number) {
        return switch (test(condition, request, route)) {
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

    private record Facts(RequestFeatures request, String route, String dataClass) implements ConditionFacts {

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
        public String language() {
            return request.prompt() == null ? "" : Language.of(request.prompt().text());
        }

        @Override
        public Instant now() {
            return request.at();
        }
    }
}
