package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.AccuracyFloor;
import dev.pareto.policies.policy.Constraints;
import dev.pareto.policies.predict.AccuracyForecast;
import dev.pareto.policies.predict.Commitments.Room;
import dev.pareto.policies.predict.accuracy.Influence;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.swap.Evidence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A decision as plain maps and lists, the shape of {@code GET /api/decisions/{id}} and of the ledger's copy. */
public final class DecisionView {

    private DecisionView() {}

    /** Money as decimal strings, durations in milliseconds, unknown values as null. */
    public static Map<String, @Nullable Object> of(Decision decision) {
        return of(decision, Map.of());
    }

    /** @param why what moved the accuracies of those candidates that are explained */
    static Map<String, @Nullable Object> of(Decision decision, Map<ModelId, List<Influence>> why) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", decision.id());
        view.put("route", decision.route());
        view.put("policy", decision.policy());
        view.put("reason", decision.reason());
        view.put("baseline", text(decision.baseline()));
        view.put("outcome", outcome(decision.outcome()));
        view.put("candidates", decision.assessments()
                .stream()
                .map(one -> candidate(one, why.getOrDefault(one.model(), List.of()), decision.draw()))
                .toList());
        view.put("rules", decision.rules().stream().map(DecisionView::rule).toList());
        view.put("limits", decision.limits() == null ? null : limits(decision.limits()));
        if (decision.draw() != null) {
            view.put("draw", draw(decision.draw()));
        }
        return view;
    }

    private static Map<String, @Nullable Object> draw(Draw draw) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("why", draw.why());
        view.put("accuracy_lower", draw.lower());
        return view;
    }

    private static Map<String, @Nullable Object> limits(Constraints limits) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("first_token_p95_ms", millis(limits.firstTokenP95()));
        view.put("total_p95_ms", millis(limits.totalP95()));
        Money cost = limits.costAtMost();
        view.put("cost_at_most", cost == null ? null : cost.plain());
        List<Map<String, @Nullable Object>> accuracy = new ArrayList<>();
        for (AccuracyFloor floor : limits.accuracy()) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            switch (floor) {
                case AccuracyFloor.Within within -> {
                    one.put("within", within.margin());
                    one.put("of", within.reference().toString());
                    one.put("confidence", within.confidence());
                    one.put("per", within.basis().name().toLowerCase(Locale.ROOT));
                }
                case AccuracyFloor.AtLeast least -> {
                    one.put("at_least", least.accuracy());
                    one.put("per", least.basis().name().toLowerCase(Locale.ROOT));
                }
            }
            accuracy.add(one);
        }
        view.put("accuracy", accuracy);
        return view;
    }

    private static Map<String, @Nullable Object> rule(RuleTrace trace) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("rule", trace.name());
        view.put("when", trace.condition());
        view.put("failure", trace.failure());
        return view;
    }

    private static Map<String, @Nullable Object> outcome(Outcome outcome) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        switch (outcome) {
            case Outcome.Chosen chosen -> {
                view.put("kind", "chosen");
                view.put("model", chosen.model().toString());
                view.put("fallbacks", chosen.fallbacks().stream().map(Object::toString).toList());
                view.put("relaxed", chosen.relaxed());
            }
            case Outcome.Infeasible none -> {
                view.put("kind", "policy_infeasible");
                view.put("binding_constraint", none.bindingConstraint());
                view.put("nearest_relaxation", none.nearestRelaxation());
            }
            case Outcome.UnknownModel unknown -> {
                view.put("kind", "model_not_found");
                view.put("requested", unknown.requested());
                view.put("suggestion", unknown.suggestion());
            }
            case Outcome.UnknownPolicy unknown -> {
                view.put("kind", "policy_not_found");
                view.put("requested", unknown.requested());
                view.put("suggestion", unknown.suggestion());
            }
        }
        return view;
    }

    private static Map<String, @Nullable Object> candidate(Assessment candidate, List<Influence> why,
            @Nullable Draw draw) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        Money cost = candidate.predictedCost();
        view.put("model", candidate.model().toString());
        view.put("place", candidate.place());
        view.put("note", candidate.note());
        view.put("open", candidate.open());
        view.put("baseline", candidate.baseline());
        view.put("share", candidate.share());
        view.put("predicted_cost", cost == null ? null : cost.plain());
        view.put("worst_cost", candidate.worstCost() == null ? null : candidate.worstCost().plain());
        view.put("currency", cost == null ? null : cost.currency());
        view.put("price_version", candidate.priceVersion());
        if (candidate.commitment() != null) {
            view.put("commitment", commitment(candidate.commitment()));
        }
        view.put("first_token_p95_ms", millis(candidate.firstTokenP95()));
        view.put("total_p95_ms", millis(candidate.totalP95()));
        view.put("latency_observations", candidate.latencyObservations());
        view.put("accuracy", accuracy(candidate.accuracy(), why));
        view.put("evidence", evidence(candidate.evidence()));
        view.put("swap", stake(candidate.stake()));
        if (draw != null) {
            view.put("propensity", draw.propensities().getOrDefault(candidate.model(), 0.0));
        }
        view.put("refusals", candidate.refusals());
        view.put("violations", candidate.violations().stream().map(DecisionView::violation).toList());
        return view;
    }

    private static Map<String, @Nullable Object> commitment(Room room) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("name", room.commitment());
        view.put("left", room.left().plain());
        view.put("currency", room.left().currency());
        return view;
    }

    private static @Nullable Map<String, @Nullable Object> accuracy(@Nullable AccuracyForecast forecast,
            List<Influence> why) {
        if (forecast == null) {
            return null;
        }
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("probability", forecast.probability());
        view.put("low", forecast.low());
        view.put("high", forecast.high());
        view.put("labels", forecast.labels());
        view.put("version", forecast.version());
        if (!why.isEmpty()) {
            view.put("why", why.stream().map(DecisionView::influence).toList());
        }
        return view;
    }

    private static Map<String, @Nullable Object> influence(Influence one) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("feature", one.feature());
        view.put("effect", Math.round(one.effect() * 1e6) / 1e6);
        return view;
    }

    private static @Nullable Map<String, @Nullable Object> stake(@Nullable Stake stake) {
        if (stake == null) {
            return null;
        }
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("segment", stake.key().segment());
        view.put("state", stake.state().name());
        view.put("assigned", stake.assigned());
        return view;
    }

    private static @Nullable Map<String, @Nullable Object> evidence(@Nullable Evidence evidence) {
        if (evidence == null) {
            return null;
        }
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("verdict", evidence.verdictId());
        view.put("outcome", evidence.outcome().name());
        view.put("margin", evidence.margin());
        view.put("difference", evidence.difference());
        view.put("lower", evidence.lower());
        view.put("upper", evidence.upper());
        view.put("confidence", evidence.confidence());
        view.put("simulated", evidence.simulated());
        view.put("expires_at", evidence.expiresAt().toString());
        return view;
    }

    private static Map<String, @Nullable Object> violation(Violation violation) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("constraint", violation.constraint());
        view.put("limit", violation.limit());
        view.put("actual", violation.actual());
        return view;
    }

    private static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis();
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
