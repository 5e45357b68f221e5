package dev.pareto.evals.grade.judge;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.policies.catalog.ModelId;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model in the role of a judge.
 *
 * @param model who is asked
 * @param rubric what to judge by; null for the kind's own words
 * @param sampling sent with every question; temperature 0 unless stated
 * @param calibration how it agreed with people; null when nobody has looked
 */
public record Judge(ModelId model, @Nullable String rubric, Map<String, Object> sampling,
        @Nullable Calibration calibration) {

    /** What is sent with every question unless stated: a judge that repeats itself, and room to think briefly. */
    public static final Map<String, Object> USUAL_SAMPLING = Map.of("temperature", 0.0, "max_tokens", 1_024);

    /** Counts up with every change of our prompts' wording. */
    static final int PROMPT_VERSION = 1;

    /** Copies the sampling. */
    public Judge {
        requireNonNull(model, "model is null");
        sampling = Collections.unmodifiableMap(new TreeMap<>(sampling));
    }

    /**
     * Names everything that can change its word: a calibration holds for one fingerprint only.
     *
     * @param kind the grader's type, e.g. judge_pairwise
     */
    public String fingerprint(String kind) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("kind", kind);
        json.put("prompt", PROMPT_VERSION);
        json.put("model", model.toString());
        json.put("rubric", rubric);
        json.set("sampling", JsonMapper.shared().valueToTree(sampling));
        return CanonicalJson.sha256(json);
    }

    /** Why its word may not decide a swap; empty when it may. */
    List<String> gateProblems(String kind) {
        if (calibration == null) {
            return List.of("judge " + model + " has no calibration against human labels");
        }
        if (!calibration.fingerprint().equals(fingerprint(kind))) {
            return List.of("judge " + model + " changed since its calibration (model, rubric, sampling or kind)");
        }
        return calibration.shortfalls().stream().map(shortfall -> "judge " + model + ": " + shortfall).toList();
    }
}
