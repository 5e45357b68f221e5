package dev.pareto.evals.suite;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** Reads the {@code decision} block of a suite and holds it against the items. */
final class DecisionReader {

    private static final Set<String> KEYS = Set.of("margin", "alpha", "grouping", "n_min", "n_max", "guards",
            "slices");
    static final Set<String> GROUPING = Set.of("kind", "key", "weights");
    private static final Pattern FLAG = Pattern.compile("bh 0?\\.[0-9]*[1-9][0-9]*");

    private final Section decision;
    private final List<SuiteGrader> graders;
    private final List<Item> items;

    DecisionReader(Section top, List<SuiteGrader> graders, List<Item> items) throws SuiteException {
        this.decision = top.section("decision");
        this.graders = graders;
        this.items = items;
    }

    DecisionPlan read() throws SuiteException {
        decision.allow(KEYS, Map.of());
        double alpha = decision.number("alpha", DecisionPlan.DEFAULT.alpha());
        if (!(alpha > 0 && alpha < 0.5)) {
            throw decision.error("alpha", "alpha " + alpha + " is not within (0, 0.5)", "write e.g. 0.05");
        }
        int nMin = decision.integer("n_min", DecisionPlan.DEFAULT.nMin());
        Integer nMax = decision.has("n_max") ? (Integer) decision.integer("n_max", 0) : null;
        if (nMin < 1 || (nMax != null && nMax < nMin)) {
            throw decision.error(nMin < 1 ? "n_min" : "n_max", "needs 1 <= n_min <= n_max",
                    "n_min is " + nMin + " where the suite does not say");
        }
        Grouping grouping = grouping();
        Section slices = decision.section("slices");
        slices.allow(Set.of("flag", "critical"), Map.of());
        List<String> critical = slices.texts("critical");
        Set<String> strata = items.stream().map(Item::stratum).filter(Objects::nonNull).collect(Collectors.toSet());
        for (String name : critical) {
            if (!strata.contains(name)) {
                throw slices.error("critical", "no item has the stratum '" + name + "'", "mend the name");
            }
        }
        return new DecisionPlan(margin(), alpha, grouping, nMin, nMax, guards(), flag(slices), critical, failCost());
    }

    private @Nullable Double margin() throws SuiteException {
        JsonNode node = decision.optional("margin");
        if (node == null || node.isObject()) {
            return null;
        }
        double margin = decision.number("margin", 0);
        if (!(margin > 0 && margin < 1)) {
            throw decision.error("margin", "margin " + margin + " is not within (0, 1)", "write 2 points as 0.02");
        }
        return margin;
    }

    /** {@code margin: {break_even: {fail_cost: 0.50}}}: what a wrong answer costs, in USD. */
    private @Nullable BigDecimal failCost() throws SuiteException {
        JsonNode node = decision.optional("margin");
        if (node == null || !node.isObject()) {
            return null;
        }
        Section margin = decision.section("margin");
        margin.allow(Set.of("break_even"), Map.of());
        margin.required("break_even");
        Section breakEven = margin.section("break_even");
        breakEven.allow(Set.of("fail_cost"), Map.of());
        JsonNode cost = breakEven.required("fail_cost");
        if (!cost.isNumber() || cost.decimalValue().signum() <= 0) {
            throw breakEven.error("fail_cost", "the cost of a wrong answer is not a positive number",
                    "write it in USD, e.g. {break_even: {fail_cost: 0.50}}");
        }
        return cost.decimalValue();
    }

    private static @Nullable Double flag(Section slices) throws SuiteException {
        String text = slices.optionalText("flag");
        if (text == null) {
            return null;
        }
        if (FLAG.matcher(text).matches()) {
            return Double.valueOf(text.substring("bh ".length()));
        }
        throw slices.error("flag", "'" + text + "' is not a rule", "write 'bh 0.10'");
    }

    private Grouping grouping() throws SuiteException {
        Section section = decision.section("grouping");
        section.allow(GROUPING, Map.of());
        String kind = section.text("kind", "none");
        if (section.has("weights") && !kind.equals("stratum")) {
            throw section.error("weights", "weights are of strata, and the kind is " + kind, "write kind: stratum");
        }
        return switch (kind) {
            case "none" -> new Grouping.None();
            case "cluster" -> {
                requireEach(section, "cluster", Item::cluster);
                yield new Grouping.Clusters();
            }
            case "stratum" -> {
                requireEach(section, "stratum", Item::stratum);
                yield new Grouping.Strata(weights(section));
            }
            default -> throw section.error("kind", "unknown kind '" + kind + "'", "write none, cluster or stratum");
        };
    }

    private void requireEach(Section section, String kind, Function<Item, @Nullable String> group)
            throws SuiteException {
        if (items.stream().anyMatch(item -> group.apply(item) == null)) {
            throw section.error("kind", "not every item has a " + kind, "add it to each item or write kind: none");
        }
    }

    private Map<String, Double> weights(Section section) throws SuiteException {
        JsonNode node = section.optional("weights");
        if (node == null || (node.isString() && node.asString().equals("items"))) {
            return Map.of();
        }
        if (node.isString()) {
            throw section.error("weights", "weights '" + node.asString() + "' are not supported yet",
                    "write items, or the share of each stratum (eval cut writes those that it saw)");
        }
        Section shares = section.section("weights");
        Map<String, Double> weights = new HashMap<>();
        Set<String> strata = new HashSet<>();
        items.forEach(item -> strata.add(Objects.requireNonNullElse(item.stratum(), "")));
        for (String stratum : shares.keys()) {
            double share = shares.number(stratum, 0);
            if (!(share >= 0) || !strata.contains(stratum)) {
                throw shares.error(stratum, "'" + stratum + "' is no stratum of the items, or its share is negative",
                        "mend the name or the share");
            }
            weights.put(stratum, share);
        }
        if (!weights.keySet().equals(strata)) {
            strata.removeAll(weights.keySet());
            throw section.error("weights", "no share for " + strata, "give every stratum its share");
        }
        return weights;
    }

    private List<GuardPlan> guards() throws SuiteException {
        List<GuardPlan> guards = new ArrayList<>();
        Set<String> metrics = new HashSet<>(Set.of("format.fail", "truncation", "refusal", "latency.p95_ms",
                "cost_per_success"));
        graders.forEach(grader -> metrics.add("grader." + grader.id() + ".fail"));
        for (Section section : decision.sections("guards")) {
            section.allow(Set.of("metric", "max", "max_ratio", "ni_margin", "ceiling"), Map.of());
            String metric = section.requiredText("metric");
            if (!metrics.contains(metric)) {
                throw section.error("metric", "unknown metric '" + metric + "'",
                        "use one of " + metrics.stream().sorted().toList());
            }
            Set<String> fitting = switch (metric) {
                case "latency.p95_ms" -> Set.of("metric", "max");
                case "cost_per_success" -> Set.of("metric", "max_ratio");
                default -> Set.of("metric", "max", "ni_margin", "ceiling");
            };
            section.allow(fitting, Map.of());
            if (section.keys().size() < 2) {
                throw section.error("metric", "the guard has no limit", "add one of " + fitting);
            }
            guards.add(new GuardPlan(metric,
                    limit(section, "max", metric.equals("latency.p95_ms") ? 0 : Math.nextDown(0.0), Double.MAX_VALUE),
                    limit(section, "max_ratio", 0, Double.MAX_VALUE),
                    limit(section, "ni_margin", 0, Math.nextDown(1.0)),
                    limit(section, "ceiling", Math.nextDown(0.0), 1)));
        }
        return guards;
    }

    /** A limit within (above, most]. */
    private static @Nullable Double limit(Section section, String key, double above, double most)
            throws SuiteException {
        Double limit = section.optionalNumber(key);
        if (limit != null && !(limit > above && limit <= most)) {
            throw section.error(key, "'" + key + "' is out of range",
                    "write a share such as 0.01, or a positive limit");
        }
        return limit;
    }
}
