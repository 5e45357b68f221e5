package dev.pareto.policies.policy;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.swap.Approval;
import dev.pareto.policies.swap.Segments;
import dev.pareto.policies.swap.Shadow;
import dev.pareto.policies.swap.SwapPlan;
import dev.pareto.policies.swap.guard.DriftPlan;
import dev.pareto.policies.swap.guard.Guard;
import dev.pareto.policies.swap.guard.GuardRules;
import dev.pareto.policies.swap.guard.JudgePlan;
import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.Units;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads how one route's swap is planned. */
final class SwapReader {

    private static final Map<Guard, String> KEYS = Map.of(Guard.ERRORS, "errors", Guard.FORMAT, "format",
            Guard.TRUNCATED, "truncated", Guard.LATENCY, "slow", Guard.QUALITY, "quality", Guard.FEEDBACK, "feedback",
            Guard.JUDGED, "judged");

    private SwapReader() {}

    /** @param margin where the swap states none */
    static SwapPlan read(String route, ModelId to, Fields fields, double margin) {
        return Fields.at(fields.place(), "swap", () -> {
            double stated = fields.points("margin", margin);
            Duration dwell = fields.duration("dwell", SwapPlan.DEFAULT_DWELL);
            List<Duration> coolDowns = fields.list("cool-down", Units::duration);
            return new SwapPlan(route, to, fields.list("suites", text -> text), stated, shadow(fields.tree("shadow")),
                    fields.list("ramp", Units::share), dwell,
                    fields.count("requests", dwell.isZero() ? 0 : SwapPlan.DEFAULT_REQUESTS),
                    fields.share("holdback", 0), approval(fields), guards(fields.tree("guards")),
                    fields.points("exit-margin", SwapPlan.exitMargin(stated)),
                    coolDowns.isEmpty() ? SwapPlan.DEFAULT_COOL_DOWNS : coolDowns,
                    segments(fields.tree("segments")), drift(fields.tree("drift")), judge(fields.tree("judge")));
        });
    }

    /** {@code 5 %} or the whole mapping. */
    private static Shadow shadow(@Nullable Tree tree) {
        if (tree == null) {
            return Shadow.NONE;
        }
        if (tree instanceof Tree.Scalar) {
            return Fields.scalar(tree, "'shadow'", text -> Shadow.of(Units.share(text)));
        }
        Fields fields = Fields.of(tree, Shapes.SHADOW);
        Shadow usual = Shadow.of(0.1);
        var perDay = fields.read("per-day", Units::money);
        return Fields.at(tree.place(), "shadow",
                () -> new Shadow(fields.share("sample", usual.sample()), perDay == null ? usual.perDay() : perDay,
                        fields.count("at-once", usual.atOnce()), fields.duration("time-limit", usual.timeLimit())));
    }

    private static GuardRules guards(@Nullable Tree tree) {
        if (tree == null) {
            return GuardRules.DEFAULT;
        }
        Fields fields = Fields.of(tree, Shapes.GUARDS);
        Map<Guard, Double> atMost = new EnumMap<>(GuardRules.DEFAULT.atMost());
        Set<Guard> off = EnumSet.noneOf(Guard.class);
        KEYS.forEach((guard, key) -> {
            String text = fields.text(key);
            if ("off".equals(text)) {
                atMost.remove(guard);
                off.add(guard);
            } else if (text != null) {
                atMost.put(guard, fields.share(key, 0));
            }
        });
        return Fields.at(tree.place(), "guards", () -> new GuardRules(atMost, off, fields.duration("latency"),
                fields.count("arl", (int) GuardRules.DEFAULT.averageRunLength())));
    }

    /** {@code off}, the bound alone, or the whole mapping. */
    private static @Nullable DriftPlan drift(@Nullable Tree tree) {
        DriftPlan usual = DriftPlan.DEFAULT;
        if (tree == null) {
            return usual;
        }
        if (tree instanceof Tree.Scalar scalar) {
            return "off".equals(scalar.text())
                    ? null
                    : Fields.scalar(tree, "'drift'", text -> new DriftPlan(Units.decimal(text).doubleValue(),
                            usual.least(), usual.window()));
        }
        Fields fields = Fields.of(tree, Shapes.DRIFT);
        var bound = fields.decimal("bound");
        int least = fields.count("least", usual.least());
        return Fields.at(tree.place(), "drift", () -> new DriftPlan(bound == null ? usual.bound() : bound.doubleValue(),
                least, fields.count("window", Math.max(least, usual.window()))));
    }

    private static @Nullable JudgePlan judge(@Nullable Tree tree) {
        if (tree == null) {
            return null;
        }
        Fields fields = Fields.of(tree, Shapes.JUDGE);
        ModelId model = Fields.at(fields.place("model"), "'model'", () -> ModelId.parse(fields.required("model")));
        JudgePlan.Kind kind = fields.read("kind", text -> switch (text) {
            case "judge_binary" -> JudgePlan.Kind.JUDGE_BINARY;
            case "judge_score" -> JudgePlan.Kind.JUDGE_SCORE;
            case "judge_pairwise" -> JudgePlan.Kind.JUDGE_PAIRWISE;
            default -> throw new IllegalArgumentException(
                    "write judge_binary, judge_score or judge_pairwise, not '" + text + "'");
        });
        var perDay = fields.read("per-day", Units::money);
        return Fields.at(tree.place(), "judge", () -> new JudgePlan(model,
                kind == null ? JudgePlan.Kind.JUDGE_BINARY : kind, fields.text("rubric"),
                fields.required("calibration"), fields.share("sample", JudgePlan.DEFAULT_SAMPLE),
                perDay == null ? JudgePlan.DEFAULT_PER_DAY : perDay,
                fields.count("at-once", JudgePlan.DEFAULT_AT_ONCE),
                fields.duration("time-limit", JudgePlan.DEFAULT_TIME_LIMIT)));
    }

    private static Segments segments(@Nullable Tree tree) {
        if (tree == null) {
            return Segments.NONE;
        }
        Fields fields = Fields.of(tree, Shapes.SEGMENTS);
        Boolean unlabelled = fields.read("unlabelled", text -> switch (text) {
            case "closed" -> false;
            case "open" -> true;
            default -> throw new IllegalArgumentException("write closed or open, not '" + text + "'");
        });
        return Fields.at(tree.place(), "segments",
                () -> new Segments(fields.required("by"), Set.copyOf(fields.list("closed", text -> text)),
                        Set.copyOf(fields.list("own", text -> text)), Boolean.TRUE.equals(unlabelled)));
    }

    private static Approval approval(Fields fields) {
        Approval approval = fields.read("approval", text -> switch (text) {
            case "automatic" -> Approval.AUTOMATIC;
            case "manual" -> Approval.MANUAL;
            default -> throw new IllegalArgumentException("write automatic or manual, not '" + text + "'");
        });
        return approval == null ? Approval.MANUAL : approval;
    }
}
