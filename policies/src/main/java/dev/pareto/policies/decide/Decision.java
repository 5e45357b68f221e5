package dev.pareto.policies.decide;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.Constraints;
import java.util.ArrayList;
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
 * @param because why; {@link #reason} puts it into words
 * @param baseline the closed model that savings are measured against; null when the route has none
 * @param rules those that held and those that could not be evaluated
 * @param limits the policy's constraints as its rules tightened them; null without a policy
 * @param draw the part that chance had; null for none
 */
public record Decision(String id, String route, @Nullable String policy, Outcome outcome, List<Assessment> assessments,
        Reason because, @Nullable ModelId baseline, List<RuleTrace> rules, @Nullable Constraints limits,
        @Nullable Draw draw) {

    public Decision {
        requireNonNull(id, "id is null");
        requireNonNull(route, "route is null");
        requireNonNull(outcome, "outcome is null");
        requireNonNull(because, "because is null");
        assessments = List.copyOf(assessments);
        rules = List.copyOf(rules);
    }

    /** One that no rule touched. */
    public Decision(String id, String route, @Nullable String policy, Outcome outcome, List<Assessment> assessments,
            String reason, @Nullable ModelId baseline) {
        this(id, route, policy, outcome, assessments, new Reason.Said(reason), baseline, List.of(), null, null);
    }

    /** One line of printable ASCII, at most 200 characters, for the {@code Pareto-Reason} header; put together when asked. */
    public String reason() {
        return Reasons.of(this);
    }

    /**
     * The same with another model first, who was drawn; the others keep their order behind it.
     *
     * @throws IllegalStateException when no model was chosen
     */
    public Decision drawn(ModelId model, Draw how, String because) {
        if (!(outcome instanceof Outcome.Chosen chosen)) {
            throw new IllegalStateException("nothing was chosen, so nothing can be drawn instead");
        }
        List<ModelId> chain = new ArrayList<>(chosen.fallbacks().size() + 1);
        chain.add(chosen.model());
        chain.addAll(chosen.fallbacks());
        chain.remove(model);
        chain.addFirst(model);
        List<Assessment> placed = assessments.stream().map(one -> one.at(chain.indexOf(one.model()) + 1)).toList();
        return new Decision(id, route, policy,
                new Outcome.Chosen(model, List.copyOf(chain.subList(1, chain.size())), chosen.relaxed()), placed,
                new Reason.Said(because), baseline, rules, limits, how);
    }
}
