package dev.pareto.evals.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.pareto.evals.record.Published.Answers;
import dev.pareto.evals.record.Published.Item;
import dev.pareto.evals.record.Published.Said;
import dev.pareto.evals.record.Published.Sink;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * A log of one's own: {@code {"model", "prompt", "output", "expected"?, "stratum"?, "tokens"?, "prompt_tokens"?, "latency_ms"?,
 * "finish_reason"?}} a line. Equal prompts are one item.
 */
final class LogSource {

    private LogSource() {}

    static boolean is(Path file) {
        return Files.isRegularFile(file) && JsonFiles.isLines(file);
    }

    static Published read(Path file) throws IOException {
        Map<String, Item> items = new LinkedHashMap<>();
        Map<String, Map<String, Said>> models = new TreeMap<>();
        JsonFiles.lines(file, line -> {
            String question = JsonFiles.text(line, "prompt");
            Item item = items.computeIfAbsent(question, prompt -> new Item("item-" + items.size(), prompt,
                    optional(line, "expected"), optional(line, "stratum")));
            String model = JsonFiles.text(line, "model");
            if (models.computeIfAbsent(model, name -> new LinkedHashMap<>()).put(item.id(), said(line)) != null) {
                throw new IllegalArgumentException(model + " answers this prompt twice; keep one of the answers");
            }
        });
        boolean keyed = items.values().stream().allMatch(item -> item.expected() != null);
        List<Answers> answers = new ArrayList<>();
        models.forEach((model, said) -> answers.add(new OfModel(model, said)));
        return new Published(JsonFiles.stem(file).replaceAll("[^A-Za-z0-9._-]", "-"),
                "Recorded answers of " + String.join(", ", models.keySet()),
                String.valueOf(file.getFileName()),
                keyed
                        ? "{id: answer, type: normalized, primary: true}"
                        : "{id: answer, type: regex, pattern: '\\S', primary: true}",
                List.copyOf(items.values()), answers);
    }

    private static Said said(JsonNode line) {
        JsonNode latency = line.path("latency_ms");
        return new Said(JsonFiles.text(line, "output"), whole(line, "tokens"), whole(line, "prompt_tokens"),
                latency.isNumber() ? (Double) latency.doubleValue() : null, optional(line, "finish_reason"));
    }

    private static @Nullable Long whole(JsonNode line, String key) {
        return line.path(key).isIntegralNumber() ? (Long) line.path(key).longValue() : null;
    }

    private static @Nullable String optional(JsonNode line, String key) {
        JsonNode value = line.get(key);
        return value == null || !value.isValueNode() || value.isNull() ? null : value.asString();
    }

    private record OfModel(String model, Map<String, Said> said) implements Answers {

        @Override
        public void forEach(Sink sink) throws IOException {
            for (Map.Entry<String, Said> entry : said.entrySet()) {
                sink.take(entry.getKey(), entry.getValue());
            }
        }
    }
}
