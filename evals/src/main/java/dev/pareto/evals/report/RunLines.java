package dev.pareto.evals.report;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.run.Answer;
import dev.pareto.evals.run.ItemOutcome;
import dev.pareto.evals.run.Run;
import dev.pareto.evals.run.StoredAnswer;
import dev.pareto.policies.price.Money;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run as JSONL, one object an item: {@code {"suite", "suite_sha256", "model", "item", "stratum", "cluster", "score", "error",
 * "grades": {ID: {"score", "pass", "format_failure", "reason"}}, "answer": {"text", "at", "latency_ms", "cost", …}}}. What is
 * unknown is null; money is a decimal text.
 */
public final class RunLines {

    private final Run run;

    /** Exports that run. */
    public RunLines(Run run) {
        this.run = run;
    }

    /** Writes every item, in the order in which they were asked. */
    public void write(Appendable out) throws IOException {
        for (ItemOutcome outcome : run.outcomes()) {
            out.append(line(outcome).toString()).append('\n');
        }
    }

    private ObjectNode line(ItemOutcome outcome) {
        ObjectNode line = JsonMapper.shared().createObjectNode();
        line.put("suite", run.key().suite());
        line.put("suite_sha256", run.key().suiteVersion());
        line.put("model", run.key().model().toString());
        line.put("item", outcome.item().id());
        line.put("stratum", outcome.item().stratum());
        line.put("cluster", outcome.item().cluster());
        line.put("score", outcome.score());
        line.put("error", outcome.error());
        line.put("reused", outcome.reused());
        ObjectNode grades = line.putObject("grades");
        for (Map.Entry<String, Grade> entry : new TreeMap<>(outcome.grades()).entrySet()) {
            Grade grade = entry.getValue();
            grades.putObject(entry.getKey())
                    .put("score", grade.score())
                    .put("pass", grade.pass())
                    .put("format_failure", grade.formatFailure())
                    .put("reason", grade.reason());
        }
        StoredAnswer stored = outcome.answer();
        if (stored == null) {
            line.putNull("answer");
        } else {
            line.set("answer", answer(stored));
        }
        return line;
    }

    private static ObjectNode answer(StoredAnswer stored) {
        Answer answer = stored.answer();
        Money cost = answer.cost();
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("text", answer.text());
        json.put("at", stored.at().toString());
        json.put("latency_ms", BigDecimal.valueOf(answer.latency().toNanos(), 6));
        json.put("cost", cost == null ? null : cost.plain());
        json.put("currency", cost == null ? null : cost.currency());
        json.put("prompt_tokens", answer.promptTokens());
        json.put("completion_tokens", answer.completionTokens());
        json.put("finish_reason", answer.finishReason());
        json.put("served_model", answer.servedModel());
        json.put("fingerprint", answer.fingerprint());
        json.put("simulated", answer.simulated());
        json.put("cache_hit", answer.cacheHit());
        return json;
    }
}
