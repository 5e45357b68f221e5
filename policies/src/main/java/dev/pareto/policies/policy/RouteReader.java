package dev.pareto.policies.policy;

import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.swap.SwapPlan;
import dev.pareto.policies.swap.guard.JudgePlan;
import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Nearest;
import dev.pareto.policies.yaml.Place;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.YamlException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads routes and the swaps planned on them, against the vendors and policies already read. */
final class RouteReader {

    private static final double DEFAULT_MARGIN = 0.02;

    private final VendorReader vendors;
    private final Map<String, Policy> policies;
    private final ConditionReader conditions;
    private final Map<String, Route> routes = new LinkedHashMap<>();
    private final Map<String, SwapPlan> swaps = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    RouteReader(VendorReader vendors, Map<String, Policy> policies, ConditionReader conditions) {
        this.vendors = vendors;
        this.policies = policies;
        this.conditions = conditions;
    }

    Map<String, Route> routes() {
        return routes;
    }

    Map<String, SwapPlan> swaps() {
        return swaps;
    }

    List<String> warnings() {
        return warnings;
    }

    void route(String name, Tree.Entry entry) {
        Fields fields = Fields.of(entry.value(), Shapes.ROUTE);
        List<ModelId> candidates = models(fields, "candidates");
        if (candidates.isEmpty()) {
            throw new YamlException(fields.place(), "route " + name + " has no candidates",
                    "write candidates: [vendor/model, …]");
        }
        String policy = fields.text("policy");
        if (policy != null && !policies.containsKey(policy)) {
            throw new YamlException(fields.place("policy"), "unknown policy '" + policy + "'",
                    Nearest.remedy(policy, policies.keySet()));
        }
        ModelId baseline = fields.read("baseline", ModelId::parse);
        ModelId closed = baseline != null
                ? baseline
                : candidates.stream().filter(id -> !open(id)).findFirst().orElse(null);
        if (baseline != null && candidates.contains(baseline) && open(baseline)) {
            throw new YamlException(fields.place("baseline"), "baseline " + baseline + " has open weights",
                    "the baseline is the closed model that an open one may replace");
        }
        List<ModelId> fallbacks = models(fields, "fallbacks");
        put(routes, name, entry.keyPlace(), "route", Fields.at(fields.place(), "route",
                () -> new Route(name, candidates, policy, closed, cache(fields), fallbacks, true,
                        fields.share("sample", 0), rules(fields, candidates, fallbacks),
                        new CascadeReader(vendors, warnings).read(fields.tree("cascade"), candidates, closed,
                                policy == null ? null : policies.get(policy)))));
    }

    private List<Route.Rule> rules(Fields route, List<ModelId> candidates, List<ModelId> fallbacks) {
        List<Route.Rule> rules = new ArrayList<>();
        for (Tree item : route.items("rules")) {
            Fields rule = Fields.of(item, Shapes.ROUTE_RULE);
            String policy = rule.text("policy");
            if (policy != null && !policies.containsKey(policy)) {
                throw new YamlException(rule.place("policy"), "unknown policy '" + policy + "'",
                        Nearest.remedy(policy, policies.keySet()));
            }
            List<ModelId> only = rule.list("only", ModelId::parse);
            for (ModelId model : only) {
                if (!candidates.contains(model) && !fallbacks.contains(model)) {
                    throw new YamlException(rule.place("only"), model + " is not a candidate of the route",
                            Nearest.remedy(model.toString(), candidates.stream().map(ModelId::toString).toList()));
                }
            }
            rules.add(Fields.at(item.place(), "rule", () -> new Route.Rule(conditions.read(rule), policy, only)));
        }
        return rules;
    }

    void swap(String routeName, Tree.Entry entry) {
        Fields fields = Fields.of(entry.value(), Shapes.SWAP);
        Route route = routes.get(routeName);
        if (route == null) {
            throw new YamlException(entry.keyPlace(), "swap of an unknown route '" + routeName + "'",
                    Nearest.remedy(routeName, routes.keySet()));
        }
        ModelId to = Fields.at(fields.place("to"), "'to'", () -> ModelId.parse(fields.required("to")));
        if (!route.candidates().contains(to)) {
            throw new YamlException(fields.place("to"), to + " is not a candidate of route " + routeName,
                    Nearest.remedy(to.toString(), route.candidates().stream().map(ModelId::toString).toList()));
        }
        if (!open(to)) {
            throw new YamlException(fields.place("to"), to + " does not have open weights",
                    "a swap replaces a closed model by an open one");
        }
        Policy policy = route.policy() == null ? null : policies.get(route.policy());
        double margin = policy == null ? DEFAULT_MARGIN : PolicyReader.margin(policy, DEFAULT_MARGIN);
        SwapPlan plan = SwapReader.read(routeName, to, fields, margin);
        requireJudge(fields, plan.judge());
        put(swaps, routeName, entry.keyPlace(), "swap", plan);
        if (plan.segments().tag() != null && plan.segments().unlabelled() && !plan.segments().closed().isEmpty()) {
            warnings.add("the swap of " + routeName + " takes requests without the tag '" + plan.segments().tag()
                    + "': those of " + plan.segments().closed() + " that forget it leave the closed model");
        }
    }

    private void requireJudge(Fields swap, @Nullable JudgePlan judge) {
        if (judge != null && !Fields.at(swap.place("judge"), "'judge'", () -> vendors.require(judge.model()))) {
            warnings.add("nothing is known of the judge " + judge.model()
                    + " but its name: it has no price, so no daily cap can hold it and it is never asked");
        }
    }

    /** A policy that compares with a model that nobody serves could never be met. */
    void checkReferences(Map<String, Place> policyPlaces) {
        policies.forEach((name, policy) -> {
            Place place = policyPlaces.getOrDefault(name, new Place("?", 1, 1));
            checkReferences("policy " + name, policy.constraints(), place);
            policy.rules().forEach(rule -> checkReferences("policy " + name, rule.constraints(), place));
        });
    }

    void checkReferences(String who, Constraints constraints, Place place) {
        constraints.accuracy().forEach(floor -> {
            if (floor instanceof AccuracyFloor.Within within && !vendors.models().containsKey(within.reference())) {
                throw new YamlException(place,
                        who + " compares with an unknown model '" + within.reference() + "'",
                        Nearest.remedy(within.reference().toString(),
                                vendors.models().keySet().stream().map(ModelId::toString).toList()));
            }
        });
    }

    private List<ModelId> models(Fields fields, String key) {
        return fields.list(key, text -> {
            ModelId id = ModelId.parse(text);
            if (!vendors.require(id)) {
                String warning = "nothing is known of " + id + " but its name: it has no price and no limits; "
                        + "describe it under its vendor's 'models'";
                if (!warnings.contains(warning)) {
                    warnings.add(warning);
                }
            }
            return id;
        });
    }

    private boolean open(ModelId id) {
        Model model = vendors.models().get(id);
        return model != null && model.open();
    }

    private static CachePolicy cache(Fields route) {
        Tree tree = route.tree("cache");
        if (tree == null) {
            return CachePolicy.OFF;
        }
        Fields fields = Fields.of(tree, Shapes.CACHE);
        return Fields.at(tree.place(), "cache",
                () -> new CachePolicy(true, fields.duration("ttl", CachePolicy.OFF.ttl()),
                        fields.count("max-entries", CachePolicy.OFF.maxEntries())));
    }

    private static <T> void put(Map<String, T> map, String name, Place place, String noun, @Nullable T value) {
        if (value != null && map.putIfAbsent(name, value) != null) {
            throw new YamlException(place, noun + " '" + name + "' is given twice", "");
        }
    }
}
