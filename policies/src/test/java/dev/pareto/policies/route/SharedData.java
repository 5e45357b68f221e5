package dev.pareto.policies.route;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pareto.policies.predict.accuracy.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published prompts, which lie in the folder {@code shared} beside the repository on machines that have them. */
final class SharedData {

    private static final String SECOND = "zeroeval/mixtral-8x7b-instruct-v0.1";

    private SharedData() {}

    /** The path below that folder; skips the test when there is none. */
    static Path require(String name) {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve(".mvn"))) {
            folder = folder.getParent();
        }
        Path path = folder == null || folder.getParent() == null
                ? Path.of("shared", name)
                : folder.resolveSibling("shared").resolve(name);
        assumeThat(path)
                .as("published routing data; without the folder shared beside the repository this test says nothing")
                .exists();
        return path;
    }

    static List<LabelledPrompt> prompts(String set) throws IOException {
        return LabelledFile.read(require("routing/" + set + ".jsonl.gz")).prompts();
    }

    /** GSM8K with the weak model's answer under another prompt as a third model. */
    static List<LabelledPrompt> gsm8kWithSecondAnswers() throws IOException {
        Map<String, String> outputs = new HashMap<>();
        try (BufferedReader lines = zipped(require("eval-data/zeroeval/gsm/Mixtral-8x7B-Instruct-v0.1.jsonl.gz"))) {
            lines.lines()
                    .map(JsonMapper.shared()::readTree)
                    .forEach(line -> outputs.put(text(line, "id"), text(line, "output")));
        }
        Map<String, String> byQuestion = new HashMap<>();
        try (BufferedReader lines = Files.newBufferedReader(require("eval-data/zeroeval/gsm.items.jsonl"))) {
            lines.lines()
                    .map(JsonMapper.shared()::readTree)
                    .forEach(line -> byQuestion.put(plain(text(line, "question")), outputs.get(text(line, "id"))));
        }
        List<LabelledPrompt> joined = new ArrayList<>();
        for (LabelledPrompt prompt : prompts("gsm8k")) {
            Map<String, LabelledPrompt.Label> models = new LinkedHashMap<>(prompt.models());
            models.put(SECOND, new LabelledPrompt.Label(null,
                    Answer.of(Objects.requireNonNull(byQuestion.get(plain(prompt.prompt()))))));
            joined.add(new LabelledPrompt(prompt.id(), prompt.prompt(), prompt.segment(), models));
        }
        return joined;
    }

    private static BufferedReader zipped(Path file) throws IOException {
        return new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8));
    }

    private static String text(JsonNode line, String field) {
        return line.path(field).asString();
    }

    private static String plain(String question) {
        return question.replaceAll("[^\\p{L}\\p{N}]+", " ").strip().toLowerCase(Locale.ROOT);
    }
}
