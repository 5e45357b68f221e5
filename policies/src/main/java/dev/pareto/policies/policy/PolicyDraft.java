package dev.pareto.policies.policy;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Nearest;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.YamlException;
import dev.pareto.policies.yaml.YamlParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A policy that somebody tries on a route, and the configuration as it would be with it. Nothing is written and no variable is read.
 *
 * @param name of the policy that the route would be under
 * @param config with the draft in its place
 */
public record PolicyDraft(String name, ParetoConfig config) {

    /** Longer ones are refused unread. */
    public static final int MOST_CHARACTERS = 32_768;

    /** What a policy without a name is called. */
    private static final String UNNAMED = "draft";

    private static final int MOST_POLICIES = 50;
    private static final Fields.Shape POLICIES = Fields.Shape.of("draft", "policies");

    public PolicyDraft {
        requireNonNull(name, "name is null");
        requireNonNull(config, "config is null");
    }

    /**
     * @param text the name of a policy in force; or a policy in YAML or JSON; or {@code policies:} and several by name, which take the
     *            place of those of their names, and of which a single one is also the route's
     * @param route a declared one
     * @throws IllegalArgumentException with line, column, reason and remedy
     */
    public static PolicyDraft of(String text, String route, ParetoConfig inForce) {
        Route changed = inForce.routes().get(route);
        if (changed == null) {
            throw new IllegalArgumentException("there is no route '" + route + "'; "
                    + Nearest.remedy(route, inForce.routes().keySet()));
        }
        String stated = text.strip();
        if (stated.isEmpty() || text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "write a policy, or the name of one, in at most " + MOST_CHARACTERS + " characters");
        }
        if (stated.matches("[A-Za-z0-9._/-]{1,128}")) {
            return named(stated, changed, inForce);
        }
        if (text.contains("${")) {
            throw new IllegalArgumentException("variables are not read in a draft; write the value out");
        }
        try {
            return read(YamlParser.parse("policy", text, name -> null), changed, inForce);
        } catch (YamlException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static PolicyDraft named(String name, Route route, ParetoConfig inForce) {
        if (!inForce.policies().containsKey(name)) {
            throw new IllegalArgumentException(
                    "there is no policy '" + name + "'; " + Nearest.remedy(name, inForce.policies().keySet()));
        }
        return new PolicyDraft(name, under(route, name, inForce.policies(), inForce));
    }

    private static PolicyDraft read(Tree tree, Route route, ParetoConfig inForce) {
        PolicyReader reader = new PolicyReader(new ConditionReader());
        Tree.Entry routes = Fields.named(tree, "draft").get("routes");
        if (routes != null) {
            throw new YamlException(routes.value().place(), "unknown key 'routes': a draft is of policies alone",
                    "leave it out, or try the file with ./pareto policy simulate --policy FILE.yaml, which takes routes, too");
        }
        Map<String, Tree.Entry> stated = Fields.named(tree, "draft").containsKey("policies")
                ? Fields.named(requireNonNull(Fields.of(tree, POLICIES).tree("policies")), "policies")
                : Map.of();
        if (stated.size() > MOST_POLICIES) {
            throw new YamlException(tree.place(), "more than " + MOST_POLICIES + " policies",
                    "leave out those that stay");
        }
        Map<String, Policy> drafted = new LinkedHashMap<>();
        stated.forEach((name, entry) -> drafted.put(name, reader.read(name, entry.value())));
        if (!Fields.named(tree, "draft").containsKey("policies")) {
            drafted.put(UNNAMED, reader.read(UNNAMED, tree));
        }
        if (drafted.isEmpty()) {
            throw new YamlException(tree.place(), "there is no policy in it", "write minimise: cost");
        }
        drafted.forEach((name, policy) -> checkReferences(name, policy, tree, inForce));
        Map<String, Policy> policies = new LinkedHashMap<>(inForce.policies());
        policies.putAll(drafted);
        String own = route.policy();
        String name = drafted.size() == 1 || own == null ? List.copyOf(drafted.keySet()).getFirst() : own;
        return new PolicyDraft(name, under(route, name, policies, inForce));
    }

    private static void checkReferences(String name, Policy policy, Tree tree, ParetoConfig inForce) {
        List<Constraints> all = new ArrayList<>(List.of(policy.constraints()));
        policy.rules().forEach(rule -> all.add(rule.constraints()));
        for (Constraints constraints : all) {
            for (AccuracyFloor floor : constraints.accuracy()) {
                if (floor instanceof AccuracyFloor.Within within
                        && inForce.catalogue().find(within.reference()).isEmpty()) {
                    throw new YamlException(tree.place(),
                            "policy " + name + " compares with an unknown model '" + within.reference() + "'",
                            Nearest.remedy(within.reference().toString(), inForce.catalogue()
                                    .models()
                                    .stream()
                                    .map(model -> model.id().toString())
                                    .toList()));
                }
            }
        }
    }

    private static ParetoConfig under(Route route, String policy, Map<String, Policy> policies, ParetoConfig inForce) {
        Map<String, Route> routes = new LinkedHashMap<>(inForce.routes());
        routes.put(route.name(), route.under(policy));
        return inForce.with(routes, policies);
    }
}
