package dev.pareto.policies.policy;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.Units;
import dev.pareto.policies.yaml.YamlException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Reads one policy: an objective, constraints, and what to do when they cannot be met. */
final class PolicyReader {

    private static final double DEFAULT_CONFIDENCE = 0.95;

    /** The name of a policy that came with its request. */
    static final String SENT = "(sent)";

    private static final String WEIGHTS_EXAMPLE = "write minimise: {cost: 1, latency: 0.002 USD/s, error: 0.50 USD}";

    private final ConditionReader conditions;

    PolicyReader(ConditionReader conditions) {
        this.conditions = conditions;
    }

    Policy read(String name, Tree tree) {
        Fields fields = Fields.of(tree, Shapes.POLICY);
        List<Policy.Rule> rules = new ArrayList<>();
        for (Tree item : fields.items("rules")) {
            Fields rule = Fields.of(item, Shapes.POLICY_RULE);
            Tree subjectTo = rule.tree("subject-to");
            if (subjectTo == null) {
                throw new YamlException(rule.place(), "a policy's rule needs 'subject-to'",
                        "write {when: tools, subject-to: {accuracy: {at-least: 95 %}}}");
            }
            rules.add(new Policy.Rule(conditions.read(rule),
                    constraints(Fields.of(subjectTo, Shapes.SUBJECT_TO))));
        }
        return policy(name, fields, rules);
    }

    /** One that a caller sends: without rules, for conditions take long to compile. */
    Policy sent(Tree tree) {
        return policy(SENT, Fields.of(tree, Shapes.SENT_POLICY), List.of());
    }

    private Policy policy(String name, Fields fields, List<Policy.Rule> rules) {
        WhenInfeasible whenInfeasible = fields.read("when-infeasible", PolicyReader::whenInfeasible);
        Tree subjectTo = fields.tree("subject-to");
        Constraints constraints = subjectTo == null
                ? Constraints.NONE
                : constraints(Fields.of(subjectTo, Shapes.SUBJECT_TO));
        double stay = fields.share("stay-unless-better-by", Policy.DEFAULT_HYSTERESIS);
        return Fields.at(fields.place(), "policy", () -> new Policy(name, objective(fields), constraints,
                whenInfeasible == null ? WhenInfeasible.CLOSEST : whenInfeasible, stay, rules));
    }

    private static Objective objective(Fields fields) {
        Tree minimise = fields.tree("minimise");
        Objective least = minimise instanceof Tree.Mapping
                ? weighted(minimise)
                : fields.read("minimise", text -> switch (text) {
                    case "cost" -> Objective.MINIMISE_COST;
                    case "latency" -> Objective.MINIMISE_LATENCY;
                    default -> throw new IllegalArgumentException(
                            "write cost or latency, not '" + text + "'; to weigh several, " + WEIGHTS_EXAMPLE);
                });
        Objective most = fields.read("maximise", text -> {
            if (text.equals("accuracy")) {
                return Objective.MAXIMISE_ACCURACY;
            }
            throw new IllegalArgumentException("write accuracy, not '" + text + "'");
        });
        if ((least == null) == (most == null)) {
            throw new YamlException(fields.place(), "a policy has exactly one of 'minimise' and 'maximise'",
                    "write minimise: cost");
        }
        return least != null ? least : Objective.MAXIMISE_ACCURACY;
    }

    private static Objective weighted(Tree tree) {
        Fields fields = Fields.of(tree, Shapes.WEIGHTS);
        BigDecimal cost = fields.decimal("cost");
        BigDecimal perSecond = fields.read("latency", Units::usdPerSecond);
        Money error = fields.read("error", Units::money);
        if (error != null && !error.currency().equals("USD")) {
            throw new YamlException(fields.place("error"), "weights are in USD, as all prices are compared",
                    WEIGHTS_EXAMPLE);
        }
        return Fields.at(tree.place(), "minimise", () -> new Objective.Weighted(cost == null ? BigDecimal.ZERO : cost,
                perSecond == null ? BigDecimal.ZERO : perSecond, error == null ? BigDecimal.ZERO : error.amount()));
    }

    /** Of anything that has the keys accuracy, latency and cost. */
    Constraints constraints(Fields fields) {
        Tree latency = fields.tree("latency");
        Fields l = latency == null ? null : Fields.of(latency, Shapes.LATENCY);
        Tree cost = fields.tree("cost");
        Fields c = cost == null ? null : Fields.of(cost, Shapes.COST);
        Tree accuracy = fields.tree("accuracy");
        return Fields.at(fields.place(), "subject-to",
                () -> new Constraints(accuracy == null ? List.of() : floors(accuracy),
                        l == null ? null : l.duration("first-token-p95"), l == null ? null : l.duration("total-p95"),
                        c == null ? null : c.read("at-most", Units::money)));
    }

    private static List<AccuracyFloor> floors(Tree tree) {
        Fields fields = Fields.of(tree, Shapes.ACCURACY);
        List<AccuracyFloor> floors = new ArrayList<>();
        AccuracyFloor.Basis basis = fields.read("per", PolicyReader::basis);
        if (fields.has("within")) {
            ModelId reference = Fields.at(fields.place("of"), "'of'", () -> ModelId.parse(fields.required("of")));
            floors.add(Fields.at(tree.place(), "accuracy", () -> new AccuracyFloor.Within(fields.points("within", 0),
                    reference, fields.share("confidence", DEFAULT_CONFIDENCE),
                    basis == null ? AccuracyFloor.Basis.ROUTE : basis)));
        } else if (fields.has("of") || fields.has("confidence")) {
            throw new YamlException(fields.place(), "'of' and 'confidence' need 'within'", "write within: 2 pp");
        }
        if (fields.has("at-least")) {
            floors.add(Fields.at(tree.place(), "accuracy", () -> new AccuracyFloor.AtLeast(
                    fields.share("at-least", 0), basis == null ? AccuracyFloor.Basis.EITHER : basis)));
        }
        if (floors.isEmpty()) {
            throw new YamlException(tree.place(), "accuracy needs 'within' or 'at-least'",
                    "write {within: 2 pp, of: vendor/model} or {at-least: 92 %}");
        }
        return floors;
    }

    private static AccuracyFloor.Basis basis(String text) {
        return switch (text) {
            case "route" -> AccuracyFloor.Basis.ROUTE;
            case "prompt" -> AccuracyFloor.Basis.PROMPT;
            default -> throw new IllegalArgumentException("write prompt or route, not '" + text + "'");
        };
    }

    private static WhenInfeasible whenInfeasible(String text) {
        return switch (text) {
            case "closest" -> WhenInfeasible.CLOSEST;
            case "reject" -> WhenInfeasible.REJECT;
            default -> throw new IllegalArgumentException("write closest or reject, not '" + text + "'");
        };
    }

    /** The tightest margin that a policy allows, for swaps that state none. */
    static double margin(Policy policy, double otherwise) {
        return policy.constraints()
                .accuracy()
                .stream()
                .filter(AccuracyFloor.Within.class::isInstance)
                .mapToDouble(floor -> ((AccuracyFloor.Within) floor).margin())
                .min()
                .orElse(otherwise);
    }
}
