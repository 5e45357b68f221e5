package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.AccuracyForecast;
import dev.pareto.policies.predict.LatencyForecast;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.swap.Evidence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One candidate while it is weighed; becomes an {@link Assessment}. Lives as long as a decision, in one thread. */
final class Weighing {

    final ModelId model;
    /** Its place among the route's candidates and fall-backs, as written. */
    final int order;
    final boolean candidate;
    boolean open;
    boolean baseline;
    @Nullable
    Money cost;
    @Nullable
    Money worstCost;
    @Nullable
    String priceVersion;
    LatencyForecast latency = LatencyForecast.UNKNOWN;
    @Nullable
    AccuracyForecast accuracy;
    Gate.Pass pass = Gate.Pass.FREE;
    @Nullable
    Stake stake;
    /** What is to be minimised; infinite when nothing is known. */
    double score;
    int place;
    private List<String> refusals = List.of();
    private List<Violation> violations = List.of();

    Weighing(ModelId model, int order, boolean candidate) {
        this.model = model;
        this.order = order;
        this.candidate = candidate;
    }

    void refuse(String why) {
        if (refusals.isEmpty()) {
            refusals = new ArrayList<>(2);
        }
        refusals.add(why);
    }

    void miss(Violation violation) {
        if (violations.isEmpty()) {
            violations = new ArrayList<>(2);
        }
        violations.add(violation);
    }

    List<String> refusals() {
        return refusals;
    }

    List<Violation> violations() {
        return violations;
    }

    @Nullable
    Evidence evidence() {
        return pass.evidence();
    }

    boolean admitted() {
        return refusals.isEmpty();
    }

    boolean feasible() {
        return refusals.isEmpty() && violations.isEmpty();
    }

    /** Whether its latency is known well enough to be held against it. */
    boolean seen() {
        return latency.totalP95() != null && latency.observations() >= Assessor.ENOUGH_OBSERVATIONS;
    }

    /** By what part of a limit it misses the constraint that it misses most. */
    double excess() {
        double most = 0;
        for (int i = 0; i < violations.size(); i++) {
            most = Math.max(most, violations.get(i).excess());
        }
        return most;
    }

    /** Whether nothing that it misses must hold. */
    boolean mayRelax() {
        for (int i = 0; i < violations.size(); i++) {
            if (violations.get(i).hard()) {
                return false;
            }
        }
        return true;
    }

    /** {@code latency total-p95 6 s -> 7.2 s and cost at-most 1 USD -> 1.2 USD}. */
    String relaxations() {
        return String.join(" and ", violations.stream().map(Violation::relaxation).toList());
    }

    String whyNot() {
        return Reasons.whyNot(model, refusals, violations);
    }

    Assessment assessment() {
        return new Assessment(model, open, baseline, cost, worstCost, priceVersion, latency.firstTokenP95(),
                latency.totalP95(),
                latency.observations(), accuracy, pass.evidence(), pass.share(), stake, refusals, violations, place);
    }
}
