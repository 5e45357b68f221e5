package dev.pareto.evals.suite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** Reads the {@code decision} block of a suite and holds it against the items. */
final class DecisionReader {

    private static final Set<String> KEYS = Set.of("margin", "alpha", "grouping", "n_min", "n_max", "guards",
            "slices");

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
        return new DecisionPlan(margin(), alpha, grouping, nMin, nMax, guards(), flag(slices), critical);
    }

    private @Nullable Double margin() throws SuiteException {
        JsonNode node = decision.optional("margin");
        if (node == null) {
            return null;
        }
        if (node.isObject()) {
            throw decision.error("margin", "a margin from break_even is not supported yet",
                    "write the margin as a number, 2 points as 0.02");
        }
        double margin = decision.number("margin", 0);
        if (!(margin > 0 && margin < 1)) {
            throw decision.error("margin", "margin " + margin + " is not within (0, 1)", "write 2 points as 0.02");
        }
        return margin;
    }

    private static @Nullable Double flag(Section slices) throws SuiteException {
        String text = slices.optionalText("flag");
        if (text == null) {
            return null;
        }
        try {
            double rate = text.startsWith("bh ") ? Double.parseDouble(text.substring(3).strip()) : 0;
            if (rate > 0 && rate < 1) {
                return rate;
            }
        } catch (NumberFormatException e) {
            // Reported below, like any other text of the wrong form.
        }
        throw slices.error("flag", "'" + text + "' is not a rule", "write 'bh 0.10'");
    }

    private Grouping grouping() throws SuiteException {
        Section section = decision.section("grouping");
        section.allow(Set.of("kind", "key", "weights"), Map.of());
        String kind = section.text("kind", "none");
        String key = section.text("key", kind);
        if (!key.equals(kind)) {
            throw section.error("key", "grouping by '" + key + "' is not supported yet",
                    "put the group into each item's '" + kind + "'");
        }
        return switch (kind) {
            case "none" -> new Grouping.None();
            case "cluster" -> {
                requireEach(section, kind, Item::cluster);
                yield new Grouping.Clusters();
            }
            case "stratum" -> {
                requireEach(section, kind, Item::stratum);
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
                    "write items, or the share of each stratum");
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
            guards.add(new GuardPlan(metric, section.optionalNumber("max"), section.optionalNumber("max_ratio"),
                    section.optionalNumber("ni_margin"), section.optionalNumber("ceiling")));
        }
        return guards;
    }
}
