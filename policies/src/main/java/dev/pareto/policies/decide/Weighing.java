package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.AccuracyForecast;
import dev.pareto.policies.predict.Commitments.Room;
import dev.pareto.policies.predict.LatencyForecast;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.SwapKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One candidate while it is weighed; becomes an {@link Assessment}. Used again from decision to decision, in one thread at a time. */
final class Weighing {

    private static final ModelId NOBODY = new ModelId("none", "none");

    ModelId model = NOBODY;
    /** Its place among the route's candidates and fall-backs, as written. */
    int order;
    boolean candidate;
    /** In the catalogue. */
    boolean listed;
    boolean open;
    boolean baseline;
    @Nullable
    Money cost;
    @Nullable
    Money worstCost;
    @Nullable
    String priceVersion;
    /** The commitment that bears its cost; null where none is about it. */
    @Nullable
    Room commitment;
    LatencyForecast latency = LatencyForecast.UNKNOWN;
    @Nullable
    AccuracyForecast accuracy;
    /** The most of the route's traffic that it may serve. */
    double share;
    /** The verdict that this rests on; null when there is none or none is needed. */
    @Nullable
    Evidence evidence;
    /** Why the gate keeps it from this request; null when it does not. */
    @Nullable
    String closed;
    /** Whether a person let it serve over the evidence. */
    boolean overridden;
    /** The request's part in the swap; null where there is none. */
    @Nullable
    Stake stake;
    /** What is to be minimised; infinite when nothing is known. */
    double score;
    int place;
    private final List<String> refusals = new ArrayList<>(2);
    private final List<Violation> violations = new ArrayList<>(2);
    private @Nullable SwapKey key;
    private @Nullable String salt;

    void begin(ModelId id, int place, boolean one) {
        model = id;
        order = place;
        candidate = one;
        share = 1;
    }

    /** Lets everything of the decision go; what names its swap is the configuration's, and usually the next decision's, too. */
    void end() {
        listed = false;
        open = false;
        baseline = false;
        cost = null;
        worstCost = null;
        priceVersion = null;
        commitment = null;
        latency = LatencyForecast.UNKNOWN;
        accuracy = null;
        evidence = null;
        closed = null;
        overridden = false;
        stake = null;
        score = 0;
        place = 0;
        refusals.clear();
        violations.clear();
    }

    /** Names its swap; the same object as long as it names the same. */
    SwapKey key(String route, String segment) {
        SwapKey known = key;
        if (known == null || !known.candidate().equals(model) || !known.route().equals(route)
                || !known.segment().equals(segment)) {
            known = new SwapKey(route, model, segment);
            key = known;
            salt = null;
        }
        return known;
    }

    /** The salt of a key that was asked for here. */
    String salt(SwapKey of) {
        String known = salt;
        if (known == null) {
            known = of.salt();
            salt = known;
        }
        return known;
    }

    void refuse(String why) {
        refusals.add(why);
    }

    void miss(Violation violation) {
        violations.add(violation);
    }

    List<String> refusals() {
        return refusals;
    }

    List<Violation> violations() {
        return violations;
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

    Assessment assessment() {
        return new Assessment(model, open, baseline, candidate, cost, worstCost, priceVersion, commitment,
                latency.firstTokenP95(),
                latency.totalP95(),
                (int) Math.min(latency.observations(), Integer.MAX_VALUE), accuracy, evidence, share, stake,
                frozen(refusals), frozen(violations), place);
    }

    /** A copy that takes no array in between, for the usual lengths. */
    private static <T> List<T> frozen(List<T> list) {
        return switch (list.size()) {
            case 0 -> List.of();
            case 1 -> List.of(list.getFirst());
            case 2 -> List.of(list.getFirst(), list.getLast());
            default -> List.copyOf(list);
        };
    }
}
