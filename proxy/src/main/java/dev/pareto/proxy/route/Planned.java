package dev.pareto.proxy.route;

import dev.pareto.policies.decide.CascadeStep;
import dev.pareto.policies.policy.Route;
import dev.pareto.proxy.swap.Enrolment;
import dev.pareto.proxy.upstream.Plan;

import org.jspecify.annotations.Nullable;

/**
 * A request, decided.
 *
 * @param policy the name of the policy that chose; null where none did
 * @param reason one line for the caller
 * @param enrolment its parts in swaps
 * @param cascade the open model that is asked first; null for none
 */
public record Planned(Plan plan, Route route, @Nullable String policy, String reason, Enrolment enrolment,
        CascadeStep.@Nullable Ask cascade) {

    /** The same, told in other words. */
    Planned because(String otherReason) {
        return new Planned(plan, route, policy, otherReason, enrolment, cascade);
    }
}
