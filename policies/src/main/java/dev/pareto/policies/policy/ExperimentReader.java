package dev.pareto.policies.policy;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.experiment.Arm;
import dev.pareto.policies.experiment.Audience;
import dev.pareto.policies.experiment.ExperimentPlan;
import dev.pareto.policies.experiment.Guard;
import dev.pareto.policies.experiment.HoldOut;
import dev.pareto.policies.experiment.Metric;
import dev.pareto.policies.experiment.MissingUnit;
import dev.pareto.policies.experiment.StopRule;
import dev.pareto.policies.experiment.Tolerance;
import dev.pareto.policies.experiment.Unit;
import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Nearest;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.Units;
import dev.pareto.policies.yaml.YamlException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code experiments}; a plan that names what does not exist is refused where it does. */
final class ExperimentReader {

    private static final Duration RETRY_WINDOW = Duration.ofMinutes(5);

    /** Shown in every experiment that does not say what else to show. */
    private static final List<String> USUAL = List.of("cost", "latency", "first-token", "errors", "format", "truncated",
            "retries", "feedback", "success", "quality");

    private final Map<String, Route> routes;
    private final Map<String, Policy> policies;
    private final Map<String, ExperimentPlan> plans = new LinkedHashMap<>();

    ExperimentReader(Map<String, Route> routes, Map<String, Policy> policies) {
        this.routes = routes;
        this.policies = policies;
    }

    Map<String, ExperimentPlan> plans() {
        return plans;
    }

    void read(String name, Tree.Entry entry) {
        Fields fields = Fields.of(entry.value(), Shapes.EXPERIMENT);
        String routeName = fields.required("route");
        Route route = routes.get(routeName);
        if (route == null) {
            throw new YamlException(fields.place("route"), "unknown route '" + routeName + "'",
                    Nearest.remedy(routeName, routes.keySet()));
        }
        List<Arm> arms = arms(fields, route);
        Tree primary = fields.tree("primary");
        if (primary == null) {
            throw new YamlException(fields.place(), "experiment " + name + " has no primary metric",
                    "write primary: {metric: success, minimal-effect: 2 pp}");
        }
        Fields aim = Fields.of(primary, Shapes.PRIMARY);
        Metric metric = primary(aim);
        ExperimentPlan plan = Fields.at(fields.place(), "experiment",
                () -> new ExperimentPlan(name, fields.text("hypothesis", ""), routeName,
                        audience(fields.tree("segment")), fields.share("traffic", 1), arms, unit(fields),
                        missing(fields), fields.text("salt"), metric,
                        tolerance(aim, "minimal-effect", metric), guards(fields.tree("guards")),
                        also(fields), fields.duration("retry-window", RETRY_WINDOW), stop(fields.tree("stop")),
                        fields.duration("before", Duration.ZERO)));
        if (name.equals(HoldOut.NAME)) {
            throw new YamlException(entry.keyPlace(), "'" + name + "' is what routes' hold-outs are recorded as",
                    "give the experiment another name");
        }
        if (plans.putIfAbsent(name, plan) != null) {
            throw new YamlException(entry.keyPlace(), "experiment '" + name + "' is given twice", "");
        }
    }

    private List<Arm> arms(Fields fields, Route route) {
        Tree tree = fields.tree("arms");
        if (tree == null) {
            throw new YamlException(fields.place(), "an experiment needs 'arms'",
                    "write arms: {control: {…}, other: {…}}; the first is the control");
        }
        Map<String, Tree.Entry> entries = Fields.named(tree, "arms");
        List<Arm> arms = new ArrayList<>();
        long weighed = entries.values()
                .stream()
                .filter(entry -> Fields.of(entry.value(), Shapes.ARM).has("weight"))
                .count();
        if (weighed > 0 && weighed < entries.size()) {
            throw new YamlException(tree.place(), "some arms have a weight and some have none",
                    "give each arm a weight, or none for equal ones");
        }
        entries.forEach((name, entry) -> arms.add(arm(name, entry, route, 1.0 / entries.size())));
        return arms;
    }

    private Arm arm(String name, Tree.Entry entry, Route route, double weight) {
        Fields fields = Fields.of(entry.value(), Shapes.ARM);
        ModelId model = fields.read("model", ModelId::parse);
        if (model != null && !route.candidates().contains(model)) {
            throw new YamlException(fields.place("model"), model + " is not a candidate of route " + route.name(),
                    Nearest.remedy(model.toString(), route.candidates().stream().map(ModelId::toString).toList()));
        }
        String policy = fields.text("policy");
        if (policy != null && !policies.containsKey(policy)) {
            throw new YamlException(fields.place("policy"), "unknown policy '" + policy + "'",
                    Nearest.remedy(policy, policies.keySet()));
        }
        return Fields.at(entry.keyPlace(), "arm",
                () -> new Arm(name, model, policy, fields.text("system"), fields.share("weight", weight)));
    }

    private static Metric primary(Fields aim) {
        Metric metric = Fields.at(aim.place(), "'metric'", () -> Metric.named(aim.required("metric")));
        Boolean higher = aim.read("better", text -> switch (text) {
            case "higher" -> true;
            case "lower" -> false;
            default -> throw new IllegalArgumentException("write higher or lower, not '" + text + "'");
        });
        return higher == null ? metric : metric.better(higher);
    }

    private static Tolerance tolerance(Fields fields, String key, Metric metric) {
        Tolerance stated = fields.read(key, text -> Tolerance.parse(text, metric));
        return stated == null ? new Tolerance(0, false) : stated;
    }

    private static Audience audience(@Nullable Tree tree) {
        if (tree == null) {
            return Audience.ALL;
        }
        Fields fields = Fields.of(tree, Shapes.AUDIENCE);
        return Fields.at(tree.place(), "segment", () -> new Audience(fields.required("by"),
                fields.list("only", text -> text), fields.list("except", text -> text)));
    }

    private static List<Guard> guards(@Nullable Tree tree) {
        if (tree == null) {
            return List.of();
        }
        List<Guard> guards = new ArrayList<>();
        Fields.named(tree, "guards").forEach((name, entry) -> {
            Metric metric = Fields.at(entry.keyPlace(), "guard", () -> Metric.named(name));
            guards.add(Fields.scalar(entry.value(), "'" + name + "'",
                    text -> new Guard(metric, Tolerance.parse(text, metric))));
        });
        return guards;
    }

    private static List<Metric> also(Fields fields) {
        return fields.has("also")
                ? fields.list("also", Metric::named)
                : USUAL.stream().map(Metric::named).toList();
    }

    private static StopRule stop(@Nullable Tree tree) {
        StopRule usual = StopRule.DEFAULT;
        if (tree == null) {
            return usual;
        }
        Fields fields = Fields.of(tree, Shapes.STOP);
        return Fields.at(tree.place(), "stop",
                () -> {
                    int most = fields.count("most", usual.most());
                    return new StopRule(fields.duration("horizon", usual.horizon()), most,
                            fields.count("least", Math.min(usual.least(), Math.max(1, most))),
                            fields.share("alpha", usual.alpha()), fields.share("guard-alpha", usual.guardAlpha()),
                            fields.flag("early", usual.early()));
                });
    }

    private static Unit unit(Fields fields) {
        Unit unit = fields.read("unit", text -> switch (text) {
            case "user" -> Unit.USER;
            case "conversation" -> Unit.CONVERSATION;
            case "key" -> Unit.KEY;
            case "request" -> Unit.REQUEST;
            default -> throw new IllegalArgumentException(
                    "write user, conversation, key or request, not '" + text + "'");
        });
        return unit == null ? Unit.CONVERSATION : unit;
    }

    private static MissingUnit missing(Fields fields) {
        MissingUnit missing = fields.read("unit-missing", text -> switch (text) {
            case "leave-out" -> MissingUnit.LEAVE_OUT;
            case "key" -> MissingUnit.KEY;
            case "request" -> MissingUnit.REQUEST;
            default -> throw new IllegalArgumentException("write leave-out, key or request, not '" + text + "'");
        });
        return missing == null ? MissingUnit.LEAVE_OUT : missing;
    }
}
