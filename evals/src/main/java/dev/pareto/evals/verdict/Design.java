package dev.pareto.evals.verdict;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.run.RunSettings;
import dev.pareto.evals.stats.Margins;
import dev.pareto.evals.stats.sequential.PluginGro;
import dev.pareto.evals.suite.DecisionPlan;
import dev.pareto.evals.suite.Grouping;
import dev.pareto.evals.suite.GuardPlan;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything about a decision that must be fixed before the first answer is seen.
 *
 * @param margin how much worse is still good enough
 * @param marginBasis who set it, and why
 * @param test fixed or sequential
 * @param plan level, grouping, sizes, guards
 * @param orderSeed order of the items
 * @param preregisteredAt when it was written down; null when it was not
 * @param breakEven the money that the margin follows from; null when it was stated
 */
public record Design(double margin, String marginBasis, Test test, DecisionPlan plan, String orderSeed,
        @Nullable Instant preregisteredAt, @Nullable BreakEven breakEven) {

    /** How the data are looked at. */
    public enum Test {
        /** Once, after all items. */
        FIXED,
        /** After every item, with evidence that allows it. */
        SEQUENTIAL
    }

    /** Checks margin and test against the plan. */
    public Design {
        Margins.requireMargin(margin);
        requireNonNull(marginBasis, "marginBasis is null");
        requireNonNull(orderSeed, "orderSeed is null");
        if (test == Test.SEQUENTIAL && plan.grouping() instanceof Grouping.Strata strata
                && !strata.weights().isEmpty()) {
            throw new IllegalArgumentException("the sequential test needs items of equal weight;"
                    + " use the fixed test with stratum weights");
        }
    }

    /** A design whose margin was stated. */
    public Design(double margin, String marginBasis, Test test, DecisionPlan plan, String orderSeed,
            @Nullable Instant preregisteredAt) {
        this(margin, marginBasis, test, plan, orderSeed, preregisteredAt, null);
    }

    /**
     * The design that a suite states; {@code margin} overrides the suite's and is then said to come from the caller.
     */
    public static Design of(DecisionPlan plan, @Nullable Double margin, Test test) {
        Double stated = margin == null ? plan.margin() : margin;
        if (stated == null) {
            throw new IllegalArgumentException("no margin: the suite has none, so state one, 2 points as 0.02, or say"
                    + " what a wrong answer costs");
        }
        requireLiveSequence(plan, test);
        return new Design(stated, margin == null ? "stated by the suite" : "stated by the caller", test, plan,
                RunSettings.ORDER_SEED, null);
    }

    /** The design that a suite states, but for its margin, which follows from money. */
    public static Design of(DecisionPlan plan, BreakEven breakEven, Test test) {
        requireLiveSequence(plan, test);
        return new Design(breakEven.margin(), breakEven.words(), test, plan, RunSettings.ORDER_SEED, null, breakEven);
    }

    /** While a run goes on its clusters are incomplete. */
    private static void requireLiveSequence(DecisionPlan plan, Test test) {
        if (test == Test.SEQUENTIAL && plan.grouping() instanceof Grouping.Clusters) {
            throw new IllegalArgumentException("the sequential test of a run needs independent items; use the fixed"
                    + " test with clusters");
        }
    }

    /** A design for finished records: every item counts, no smallest number, no groups. */
    public static Design ofRecords(double margin, double alpha, Test test) {
        return ofRecords(margin, "stated by the caller", alpha, test, new Grouping.None(), null);
    }

    /**
     * A design for finished records that follows what they say of themselves: with clusters of more than one item the clusters
     * are what is independent, else with strata the strata are weighed by their items.
     */
    public static Design ofRecords(double margin, double alpha, Test test, List<PairRecord> records) {
        return ofRecords(margin, "stated by the caller", alpha, test, grouping(records), null);
    }

    /** Likewise, with a margin from money. */
    public static Design ofRecords(BreakEven breakEven, double alpha, Test test, List<PairRecord> records) {
        return ofRecords(breakEven.margin(), breakEven.words(), alpha, test, grouping(records), breakEven);
    }

    private static Design ofRecords(double margin, String basis, double alpha, Test test, Grouping grouping,
            @Nullable BreakEven breakEven) {
        DecisionPlan none = DecisionPlan.DEFAULT;
        return new Design(margin, basis, test, new DecisionPlan(margin, alpha, grouping, 1, null, none.guards(), null,
                none.criticalStrata()), RunSettings.ORDER_SEED, null, breakEven);
    }

    private static Grouping grouping(List<PairRecord> records) {
        Set<String> clusters = new HashSet<>();
        if (records.stream().anyMatch(record -> record.cluster() != null && !clusters.add(record.cluster()))) {
            return new Grouping.Clusters();
        }
        return records.stream().anyMatch(record -> record.stratum() != null)
                ? new Grouping.Strata(Map.of())
                : new Grouping.None();
    }

    /** The same design, written down at that moment. */
    public Design at(Instant moment) {
        return new Design(margin, marginBasis, test, plan, orderSeed, moment, breakEven);
    }

    /** A fresh evidence process for this design. */
    PluginGro process() {
        return new PluginGro(margin, plan.alpha(), plan.nMin(), PluginGro.Parameters.STANDARD);
    }

    /** Name of the grouping. */
    String grouping() {
        return switch (plan.grouping()) {
            case Grouping.None none -> "none";
            case Grouping.Clusters clusters -> "cluster";
            case Grouping.Strata strata -> "stratum";
        };
    }

    /** SHA-256 over all of it but the moment. */
    public String sha256() {
        return CanonicalJson.sha256(json());
    }

    ObjectNode json() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("margin", margin);
        json.put("margin_basis", marginBasis);
        json.put("test", test.name());
        json.put("alpha", plan.alpha());
        json.put("grouping", grouping());
        if (plan.grouping() instanceof Grouping.Strata strata) {
            json.set("weights", JsonMapper.shared().valueToTree(new TreeMap<>(strata.weights())));
        }
        json.put("n_min", plan.nMin());
        json.put("n_max", plan.nMax());
        json.put("order_seed", orderSeed);
        json.put("false_discovery_rate", plan.falseDiscoveryRate());
        json.set("critical", JsonMapper.shared().valueToTree(plan.criticalStrata()));
        ArrayNode guards = json.putArray("guards");
        for (GuardPlan guard : plan.guards()) {
            guards.addObject()
                    .put("metric", guard.metric())
                    .put("max", guard.max())
                    .put("max_ratio", guard.maxRatio())
                    .put("ni_margin", guard.nonInferiorityMargin())
                    .put("ceiling", guard.ceiling());
        }
        return json;
    }
}
