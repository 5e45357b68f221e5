package dev.pareto.policies.policy;

import dev.pareto.policies.cascade.CascadePlan;
import dev.pareto.policies.cascade.CascadePlan.Gate;
import dev.pareto.policies.cascade.CascadePlan.SecondOpinion;
import dev.pareto.policies.cascade.CascadePlan.WhenLate;
import dev.pareto.policies.cascade.LogprobBounds;
import dev.pareto.policies.cascade.VerifierPlan;
import dev.pareto.policies.catalog.Capability;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.catalog.VendorKind;
import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Nearest;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.Units;
import dev.pareto.policies.yaml.YamlException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a route declares of its cascade, against the models already read. */
final class CascadeReader {

    private static final double USUAL_CONFIDENCE = 0.9;
    private static final int USUAL_TOKENS = 32;

    private final VendorReader vendors;
    private final List<String> warnings;

    /** @param warnings gets what is allowed but probably not meant */
    CascadeReader(VendorReader vendors, List<String> warnings) {
        this.vendors = vendors;
        this.warnings = warnings;
    }

    /**
     * @param baseline of the route; null when every candidate is open
     * @param policy of the route; null for none
     */
    @Nullable
    CascadePlan read(@Nullable Tree tree, List<ModelId> candidates, @Nullable ModelId baseline,
            @Nullable Policy policy) {
        if (tree == null) {
            return null;
        }
        Fields fields = Fields.of(tree, Shapes.CASCADE);
        ModelId first = candidate(fields, "first", candidates, null);
        if (!open(first)) {
            throw new YamlException(fields.place("first"), first + " does not have open weights",
                    "a cascade asks an open model first and a closed one where its answer is doubted");
        }
        ModelId strong = candidate(fields, "escalate-to", candidates, baseline);
        Tree accept = fields.tree("accept");
        if (accept == null) {
            throw new YamlException(fields.place(), "a cascade needs 'accept', the tests that an answer must pass",
                    "write accept: {verifier: {labels: labels.jsonl, margin: 5 pp}}");
        }
        Fields tests = Fields.of(accept, Shapes.ACCEPT);
        LogprobBounds logprobs = logprobs(tests.tree("log-probability"));
        SecondOpinion second = second(tests.tree("second"));
        VerifierPlan verifier = verifier(tests.tree("verifier"));
        if (logprobs != null && second == null && verifier == null) {
            requireLogprobs(first, tests);
        }
        Long most = fields.read("max-answer", Units::bytes);
        CascadePlan plan = Fields.at(tree.place(), "cascade",
                () -> new CascadePlan(first, strong, gate(fields),
                        fields.duration("within", CascadePlan.USUAL_TIME),
                        most == null ? CascadePlan.USUAL_BYTES : most,
                        logprobs, second, verifier, late(fields), fields.share("explore",
                                CascadePlan.USUAL_EXPLORATION)));
        warnOfFloors(plan, policy);
        return plan;
    }

    private static ModelId candidate(Fields fields, String key, List<ModelId> candidates, @Nullable ModelId usual) {
        ModelId named = fields.read(key, ModelId::parse);
        ModelId id = named == null ? usual : named;
        if (id == null) {
            throw new YamlException(fields.place(), "cascade needs '" + key + "'",
                    "write " + key + ": one of " + candidates);
        }
        if (!candidates.contains(id)) {
            throw new YamlException(fields.place(key), id + " is not a candidate of the route",
                    Nearest.remedy(id.toString(), candidates.stream().map(ModelId::toString).toList()));
        }
        return id;
    }

    private boolean open(ModelId id) {
        Model model = vendors.models().get(id);
        return model != null && model.open();
    }

    private static Gate gate(Fields fields) {
        String gate = fields.text("gate", "whole");
        return switch (gate) {
            case "whole" -> {
                if (fields.has("first-tokens")) {
                    throw new IllegalArgumentException("first-tokens needs gate: first-tokens");
                }
                yield new Gate.Whole();
            }
            case "first-tokens" -> new Gate.FirstTokens(fields.count("first-tokens", USUAL_TOKENS));
            default -> throw new IllegalArgumentException("gate is whole or first-tokens, not '" + gate + "'");
        };
    }

    private static WhenLate late(Fields fields) {
        WhenLate late = fields.read("when-late", text -> switch (text) {
            case "escalate" -> WhenLate.ESCALATE;
            case "refuse" -> WhenLate.REFUSE;
            default -> throw new IllegalArgumentException("write escalate or refuse, not '" + text + "'");
        });
        return late == null ? WhenLate.ESCALATE : late;
    }

    private static @Nullable LogprobBounds logprobs(@Nullable Tree tree) {
        if (tree == null) {
            return null;
        }
        Fields fields = Fields.of(tree, Shapes.LOG_PROBABILITY);
        Map<Double, Double> quantiles = new HashMap<>();
        Tree named = fields.tree("quantiles");
        if (named != null) {
            Fields.named(named, "quantiles")
                    .forEach((share, entry) -> quantiles.put(
                            Fields.at(entry.keyPlace(), "quantile", () -> Units.share(share)),
                            Fields.scalar(entry.value(), "quantile", CascadeReader::number)));
        }
        return Fields.at(tree.place(), "log-probability",
                () -> new LogprobBounds(fields.read("mean", CascadeReader::number),
                        fields.read("least", CascadeReader::number), quantiles));
    }

    private @Nullable SecondOpinion second(@Nullable Tree tree) {
        if (tree == null) {
            return null;
        }
        Fields fields = Fields.of(tree, Shapes.SECOND);
        ModelId model = Fields.at(fields.place("model"), "'model'", () -> ModelId.parse(fields.required("model")));
        if (!Fields.at(fields.place("model"), "'model'", () -> vendors.require(model))) {
            warnings.add("nothing is known of the second opinion " + model + " but its name: it has no price");
        }
        return Fields.at(tree.place(), "second",
                () -> new SecondOpinion(model, fields.read("temperature", CascadeReader::number)));
    }

    private static @Nullable VerifierPlan verifier(@Nullable Tree tree) {
        if (tree == null) {
            return null;
        }
        Fields fields = Fields.of(tree, Shapes.VERIFIER);
        boolean promised = fields.has("margin");
        if (promised == fields.has("at-least") || (fields.has("confidence") && !promised)) {
            throw new YamlException(fields.place(),
                    "a verifier says how sure it must be: by a promise that labels set a threshold for, or by a stated one",
                    "write margin: 5 pp and confidence: 90 %, or at-least: 90 %");
        }
        return Fields.at(tree.place(), "verifier", () -> new VerifierPlan(fields.required("labels"), promised
                ? new VerifierPlan.Promise(fields.points("margin", 0), fields.share("confidence", USUAL_CONFIDENCE))
                : new VerifierPlan.AtLeast(fields.share("at-least", 0))));
    }

    private static Double number(String text) {
        return Units.decimal(text).doubleValue();
    }

    /** A test that nothing can pass would only be found out by its bill. */
    private void requireLogprobs(ModelId first, Fields tests) {
        Model model = vendors.models().get(first);
        Vendor vendor = vendors.vendors().get(first.vendor());
        boolean local = vendor != null && vendor.kind() == VendorKind.EMBEDDED;
        if (!local && (model == null || !model.capabilities().contains(Capability.LOG_PROBABILITIES))) {
            throw new YamlException(tests.place("log-probability"),
                    "nobody says that " + first + " tells log-probabilities, and they are the only test",
                    "write can: [chat, log-probabilities] beside the model if it does, or add a second opinion or a verifier");
        }
    }

    /** Without this promise such a request needs a verdict, cascade or not. */
    private void warnOfFloors(CascadePlan plan, @Nullable Policy policy) {
        if (policy == null) {
            return;
        }
        for (AccuracyFloor floor : policy.constraints().accuracy()) {
            boolean kept = switch (floor) {
                case AccuracyFloor.Within within ->
                    plan.proves(within.reference(), within.margin(), within.confidence());
                case AccuracyFloor.AtLeast least -> false;
            };
            if (!kept) {
                warnings.add("policy " + policy.name() + " has an accuracy floor that the cascade to "
                        + plan.escalateTo()
                        + " does not promise to keep, so " + plan.first()
                        + " is only asked once a verdict shows it; give its verifier such a margin and confidence");
            }
        }
    }
}
