package dev.pareto.evals.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.pareto.evals.grade.judge.Calibration;
import dev.pareto.evals.grade.judge.Judge;
import dev.pareto.evals.grade.judge.JudgeAlone;
import dev.pareto.evals.grade.judge.JudgePairwise;
import dev.pareto.evals.grade.judge.JudgePanel;
import dev.pareto.evals.grade.judge.ModelGrader;
import dev.pareto.policies.catalog.ModelId;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** Reads who judges: {@code judge: vendor/model} or {@code judge: {model: …, calibration: file, temperature: 0}}. */
final class JudgeReader {

    private static final Set<String> KEYS = Set.of("model", "calibration", "temperature", "max_tokens", "seed");

    private final Section section;
    private final GraderFiles files;

    JudgeReader(Section section, GraderFiles files) {
        this.section = section;
        this.files = files;
    }

    Judge judge() throws SuiteException {
        JsonNode judge = section.required("judge");
        return judge.isObject()
                ? judge(section.section("judge"))
                : judge(section, section.text("judge", ""), null, settings(null));
    }

    /** The judges of {@code judges}, each with the kind and the rubric of the panel. */
    JudgePanel panel() throws SuiteException {
        String kind = section.text("kind", "judge_binary");
        List<ModelGrader> members = new ArrayList<>();
        section.required("judges");
        for (Section member : section.sections("judges")) {
            Judge judge = judge(member);
            members.add(switch (kind) {
                case "judge_binary" -> JudgeAlone.binary(judge);
                case "judge_score" -> JudgeAlone.score(judge, section.number("threshold", JudgeAlone.USUAL_THRESHOLD));
                case "judge_pairwise" -> new JudgePairwise(judge, 0.5, null);
                case "reference_fact" -> JudgeAlone.facts(judge, 0.5);
                default -> throw section.error("kind", "unknown kind '" + kind + "'",
                        "write judge_binary, judge_score, judge_pairwise or reference_fact");
            });
        }
        return new JudgePanel(members);
    }

    private Judge judge(Section judge) throws SuiteException {
        judge.allow(KEYS, Map.of());
        Calibration calibration = judge.has("calibration") ? files.calibration(judge, "calibration") : null;
        return judge(judge, judge.requiredText("model"), calibration, settings(judge));
    }

    private Judge judge(Section at, String model, @Nullable Calibration calibration, Map<String, Object> sampling)
            throws SuiteException {
        String rubric = section.has("rubric") ? files.text(section, "rubric") : null;
        try {
            return new Judge(ModelId.parse(model), rubric, sampling, calibration);
        } catch (IllegalArgumentException e) {
            throw at.error(at.has("model") ? "model" : "judge", String.valueOf(e.getMessage()),
                    "write e.g. openai/gpt-4o-2024-08-06");
        }
    }

    private static Map<String, Object> settings(@Nullable Section judge) throws SuiteException {
        Map<String, Object> settings = new TreeMap<>(Judge.USUAL_SAMPLING);
        if (judge != null && judge.has("temperature")) {
            settings.put("temperature", judge.number("temperature", 0));
        }
        if (judge != null && judge.has("max_tokens")) {
            settings.put("max_tokens", judge.integer("max_tokens", 0));
        }
        if (judge != null && judge.has("seed")) {
            settings.put("seed", judge.integer("seed", 0));
        }
        return settings;
    }
}
