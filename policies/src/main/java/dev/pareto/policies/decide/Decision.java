package dev.pareto.policies.decide;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which model serves a request, and why.
 *
 * @param id the request's id
 * @param route the route's name; what the caller wrote when there is none
 * @param policy the policy's name; null for none
 * @param outcome how it ends
 * @param assessments what was weighed, one for each candidate, in the route's order
 * @param reason one line of printable ASCII, at most 200 characters, for the {@code Pareto-Reason} header
 * @param baseline the closed model that savings are measured against; null when the route has none
 * @param rules those that held and those that could not be evaluated
 */
public record Decision(String id, String route, @Nullable String policy, Outcome outcome, List<Assessment> assessments,
        String reason, @Nullable ModelId baseline, List<RuleTrace> rules) {

    public Decision {
        requireNonNull(id, "id is null");
        requireNonNull(route, "route is null");
        requireNonNull(outcome, "outcome is null");
        requireNonNull(reason, "reason is null");
        assessments = List.copyOf(assessments);
        rules = List.copyOf(rules);
    }

    /** One that no rule touched. */
    public Decision(String id, String route, @Nullable String policy, Outcome outcome, List<Assessment> assessments,
            String reason, @Nullable ModelId baseline) {
        this(id, route, policy, outcome, assessments, reason, baseline, List.of());
    }
}
