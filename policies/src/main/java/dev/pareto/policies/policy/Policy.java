package dev.pareto.policies.policy;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.condition.Condition;
import java.util.List;

/**
 * What is wanted of a route's requests.
 *
 * @param name how routes and the {@code Pareto-Policy} header call it
 * @param objective what is wanted most
 * @param constraints what must hold
 * @param whenInfeasible what happens when it cannot
 * @param hysteresis the model that served a unit last stays unless another is better by more than this share of the objective
 * @param rules what must hold besides for some requests
 */
public record Policy(String name, Objective objective, Constraints constraints, WhenInfeasible whenInfeasible,
        double hysteresis, List<Rule> rules) {

    /** Differences that are smaller are forecasts' noise, and every change of model loses a prompt cache. */
    public static final double DEFAULT_HYSTERESIS = 0.02;

    /**
     * Tightens the policy for the requests that it is about; of several that hold, each does.
     *
     * @param when it holds
     * @param constraints what must hold then, too
     */
    public record Rule(Condition when, Constraints constraints) {

        public Rule {
            requireNonNull(when, "when is null");
            requireNonNull(constraints, "constraints is null");
        }
    }

    public Policy {
        requireNonNull(name, "name is null");
        requireNonNull(objective, "objective is null");
        requireNonNull(constraints, "constraints is null");
        requireNonNull(whenInfeasible, "whenInfeasible is null");
        rules = List.copyOf(rules);
        if (!(hysteresis >= 0 && hysteresis <= 1)) {
            throw new IllegalArgumentException("stay-unless-better-by must be between 0 % and 100 %, got "
                    + hysteresis);
        }
    }

    /** Without rules, steady in the usual way. */
    public Policy(String name, Objective objective, Constraints constraints, WhenInfeasible whenInfeasible) {
        this(name, objective, constraints, whenInfeasible, DEFAULT_HYSTERESIS, List.of());
    }

    /** The same with other constraints. */
    public Policy with(Constraints others) {
        return new Policy(name, objective, others, whenInfeasible, hysteresis, rules);
    }
}
