package dev.pareto.policies.policy;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.cascade.CascadePlan;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.condition.Condition;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller's {@code model} names.
 *
 * @param name what callers write
 * @param candidates the models that may serve it, in order of preference; at least one
 * @param policy the policy's name; null chooses the first candidate that may serve, where an open one takes the baseline's place as far
 *            as its swap's share goes
 * @param baseline the closed model that it would be served by without open models; null when every candidate is open
 * @param cache whether answers are kept
 * @param fallbacks models tried after every candidate has failed
 * @param declared whether an operator wrote it, as opposed to a model asked for by its own name
 * @param sample the share of its requests whose prompts are kept, encrypted, to make suites of; 0 keeps none
 * @param rules of which the first that holds is applied
 * @param cascade the open model that is asked first and whose answers are judged; null for none
 */
public record Route(String name, List<ModelId> candidates, @Nullable String policy, @Nullable ModelId baseline,
        CachePolicy cache, List<ModelId> fallbacks, boolean declared, double sample, List<Rule> rules,
        @Nullable CascadePlan cascade) {

    /**
     * Treats some requests otherwise.
     *
     * @param when it holds
     * @param policy in place of the route's; null leaves that
     * @param only the candidates and fall-backs that may serve; empty for all
     */
    public record Rule(Condition when, @Nullable String policy, List<ModelId> only) {

        public Rule {
            requireNonNull(when, "when is null");
            only = List.copyOf(only);
            if (policy == null && only.isEmpty()) {
                throw new IllegalArgumentException("a rule names a policy, or the only models, or both");
            }
        }
    }

    public Route {
        requireNonNull(name, "name is null");
        requireNonNull(cache, "cache is null");
        candidates = List.copyOf(candidates);
        fallbacks = List.copyOf(fallbacks);
        rules = List.copyOf(rules);
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("route " + name + " has no candidates");
        }
        if (new HashSet<>(candidates).size() != candidates.size()) {
            throw new IllegalArgumentException("route " + name + " names a candidate twice: " + candidates);
        }
        if (baseline != null && !candidates.contains(baseline)) {
            throw new IllegalArgumentException("route " + name + ": baseline " + baseline + " is not a candidate");
        }
        if (!(sample >= 0 && sample <= 1)) {
            throw new IllegalArgumentException("route " + name + ": sample must be 0 % to 100 %");
        }
        if (cascade != null && !(candidates.contains(cascade.first()) && candidates.contains(cascade.escalateTo()))) {
            throw new IllegalArgumentException("route " + name + ": both models of its cascade must be candidates, "
                    + cascade.first() + " and " + cascade.escalateTo());
        }
    }

    /** A route without rules and cascade. */
    public Route(String name, List<ModelId> candidates, @Nullable String policy, @Nullable ModelId baseline,
            CachePolicy cache, List<ModelId> fallbacks, boolean declared, double sample) {
        this(name, candidates, policy, baseline, cache, fallbacks, declared, sample, List.of(), null);
    }

    /** A route that keeps no prompts and has no rules. */
    public Route(String name, List<ModelId> candidates, @Nullable String policy, @Nullable ModelId baseline,
            CachePolicy cache, List<ModelId> fallbacks, boolean declared) {
        this(name, candidates, policy, baseline, cache, fallbacks, declared, 0, List.of(), null);
    }

    /** A model asked for by its own name. */
    public static Route direct(String requested, ModelId model, boolean open) {
        return new Route(requested, List.of(model), null, open ? null : model, CachePolicy.OFF, List.of(), false);
    }
}
