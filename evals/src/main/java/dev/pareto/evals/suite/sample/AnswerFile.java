package dev.pareto.evals.suite.sample;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.pareto.evals.JsonLines;
import dev.pareto.evals.suite.SuiteException;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A model's answers by item: a run's own file, or a run exported as JSONL. */
final class AnswerFile {

    private static final int MAX_LINE_BYTES = 16 << 20;

    private AnswerFile() {}

    /** @throws SuiteException when a line is no JSON or nothing was answered */
    static Map<String, String> read(Path file) throws IOException, SuiteException {
        Map<String, String> answers = new LinkedHashMap<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            JsonLines lines = new JsonLines(in, MAX_LINE_BYTES);
            for (byte[] line = lines.next(); line != null && lines.terminated(); line = lines.next()) {
                JsonNode json = parse(file, lines.number(), line);
                JsonNode text = json.has("text") ? json.path("text") : json.path("answer").path("text");
                if (json.path("item").isString() && text.isString()) {
                    answers.put(json.path("item").asString(), text.asString());
                }
            }
        } catch (JsonLines.BadLineException e) {
            throw new SuiteException(file, e.line(), e.reason(), "name a run's file");
        }
        if (answers.isEmpty()) {
            throw new SuiteException(file, 0, "there are no answers",
                    "name a file below data/runs, or one of eval run --jsonl");
        }
        return answers;
    }

    private static JsonNode parse(Path file, int number, byte[] line) throws SuiteException {
        try {
            return JsonMapper.shared().readTree(line);
        } catch (JacksonException e) {
            throw new SuiteException(file, number, "not JSON: " + e.getOriginalMessage(), "name a run's file");
        }
    }
}
