package dev.pareto.policies.policy;

import static java.util.Objects.requireNonNull;

/**
 * What is wanted of a route's requests.
 *
 * @param name how routes and the {@code Pareto-Policy} header call it
 * @param objective what is wanted most
 * @param constraints what must hold
 * @param whenInfeasible what happens when it cannot
 */
public record Policy(String name, Objective objective, Constraints constraints, WhenInfeasible whenInfeasible) {

    public Policy {
        requireNonNull(name, "name is null");
        requireNonNull(objective, "objective is null");
        requireNonNull(constraints, "constraints is null");
        requireNonNull(whenInfeasible, "whenInfeasible is null");
    }
}
