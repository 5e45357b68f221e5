package dev.pareto.policies.policy;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.Units;
import dev.pareto.policies.yaml.YamlException;
import java.util.ArrayList;
import java.util.List;

/** Reads one policy: an objective, constraints, and what to do when they cannot be met. */
final class PolicyReader {

    private static final double DEFAULT_CONFIDENCE = 0.95;

    Policy read(String name, Tree tree) {
        Fields fields = Fields.of(tree, Shapes.POLICY);
        WhenInfeasible whenInfeasible = fields.read("when-infeasible", PolicyReader::whenInfeasible);
        Tree subjectTo = fields.tree("subject-to");
        return new Policy(name, objective(fields), subjectTo == null ? Constraints.NONE : constraints(subjectTo),
                whenInfeasible == null ? WhenInfeasible.CLOSEST : whenInfeasible);
    }

    private static Objective objective(Fields fields) {
        Objective least = fields.read("minimise", text -> switch (text) {
            case "cost" -> Objective.MINIMISE_COST;
            case "latency" -> Objective.MINIMISE_LATENCY;
            default -> throw new IllegalArgumentException("write cost or latency, not '" + text + "'");
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

    private static Constraints constraints(Tree tree) {
        Fields fields = Fields.of(tree, Shapes.SUBJECT_TO);
        Tree latency = fields.tree("latency");
        Fields l = latency == null ? null : Fields.of(latency, Shapes.LATENCY);
        Tree cost = fields.tree("cost");
        Fields c = cost == null ? null : Fields.of(cost, Shapes.COST);
        Tree accuracy = fields.tree("accuracy");
        return Fields.at(tree.place(), "subject-to",
                () -> new Constraints(accuracy == null ? List.of() : floors(accuracy),
                        l == null ? null : l.duration("first-token-p95"), l == null ? null : l.duration("total-p95"),
                        c == null ? null : c.read("at-most", Units::money)));
    }

    private static List<AccuracyFloor> floors(Tree tree) {
        Fields fields = Fields.of(tree, Shapes.ACCURACY);
        List<AccuracyFloor> floors = new ArrayList<>();
        if (fields.has("within")) {
            ModelId reference = Fields.at(fields.place("of"), "'of'", () -> ModelId.parse(fields.required("of")));
            floors.add(Fields.at(tree.place(), "accuracy", () -> new AccuracyFloor.Within(fields.points("within", 0),
                    reference, fields.share("confidence", DEFAULT_CONFIDENCE))));
        } else if (fields.has("of") || fields.has("confidence")) {
            throw new YamlException(fields.place(), "'of' and 'confidence' need 'within'", "write within: 2 pp");
        }
        if (fields.has("at-least")) {
            floors.add(Fields.at(tree.place(), "accuracy",
                    () -> new AccuracyFloor.AtLeast(fields.share("at-least", 0))));
        }
        if (floors.isEmpty()) {
            throw new YamlException(tree.place(), "accuracy needs 'within' or 'at-least'",
                    "write {within: 2 pp, of: vendor/model} or {at-least: 92 %}");
        }
        return floors;
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
