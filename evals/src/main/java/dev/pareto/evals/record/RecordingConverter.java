package dev.pareto.evals.record;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a suite and recordings of published outputs: {@code suite.yaml}, {@code items.jsonl} and {@code recordings/MODEL.jsonl} in
 * one folder, ready for {@code eval compare} against a recorded vendor. Stateless.
 */
public final class RecordingConverter {

    /** How many {@code made-up:N} items there may be. */
    private static final int MOST_MADE_UP = 200_000;
    private static final String MADE_UP = "made-up:";

    /**
     * What was made.
     *
     * @param suite the suite's name
     * @param items how many
     * @param answers recorded, by model
     * @param dropped answers to items that are not there, by model
     */
    public record Made(String suite, int items, Map<String, Integer> answers, Map<String, Integer> dropped) {

        /** Copies. */
        public Made {
            answers = new TreeMap<>(answers);
            dropped = new TreeMap<>(dropped);
        }
    }

    /**
     * Reads a source of a known shape.
     *
     * @param source a ZeroEval task folder, a RouteLLM folder, {@code bbh.jsonl}, a log of one's own, or {@code made-up:N}
     * @throws IOException when it has none of these shapes, or is damaged
     */
    public Published read(String source) throws IOException {
        if (source.startsWith(MADE_UP)) {
            return MadeUpSource.of(madeUp(source.substring(MADE_UP.length())));
        }
        Path path = Path.of(source);
        if (ZeroEvalSource.is(path)) {
            return ZeroEvalSource.read(path);
        }
        if (RouteLlmSource.is(path)) {
            return RouteLlmSource.read(path);
        }
        if (BbhSource.is(path)) {
            return BbhSource.read(path);
        }
        if (LogSource.is(path)) {
            return LogSource.read(path);
        }
        throw new IOException(source + (Files.exists(path) ? " has no shape that is known" : " is not there")
                + ": name a ZeroEval task folder (with TASK.items.jsonl beside it), a folder with gsm8k_responses.csv and"
                + " gsm8k_test.jsonl, bbh.jsonl, a .jsonl log of {\"model\", \"prompt\", \"output\"}, or made-up:1000");
    }

    private static int madeUp(String count) throws IOException {
        int items = count.matches("\\d{1,6}") ? Integer.parseInt(count) : 0;
        if (items < 1 || items > MOST_MADE_UP) {
            throw new IOException("write made-up:N with N from 1 to " + MOST_MADE_UP);
        }
        return items;
    }

    /**
     * Writes suite and recordings.
     *
     * @param route the route that the suite speaks for
     * @param margin how much worse is still good enough
     * @param models those to record; empty for all
     */
    public Made write(Published published, Path folder, String route, double margin, Set<String> models)
            throws IOException {
        List<String> known = published.models().stream().map(Published.Answers::model).toList();
        for (String model : models) {
            if (!known.contains(model)) {
                throw new IOException("no answers of '" + model + "'; there are those of " + String.join(", ", known));
            }
        }
        Path recordings = Files.createDirectories(folder.resolve("recordings"));
        Files.writeString(folder.resolve("suite.yaml"), suite(published, route, margin));
        Map<String, String> hashes = new HashMap<>();
        try (Writer out = Files.newBufferedWriter(folder.resolve("items.jsonl"))) {
            for (Published.Item item : published.items()) {
                hashes.put(item.id(), PromptHash.of(item.question()));
                out.append(item(item).toString()).append('\n');
            }
        }
        Map<String, Integer> answers = new TreeMap<>();
        Map<String, Integer> dropped = new TreeMap<>();
        for (Published.Answers of : published.models()) {
            if (models.isEmpty() || models.contains(of.model())) {
                record(of, recordings.resolve(of.model().replaceAll("[^A-Za-z0-9._@-]", "_") + ".jsonl"), hashes,
                        answers, dropped);
            }
        }
        return new Made(published.suite(), published.items().size(), answers, dropped);
    }

    private static void record(Published.Answers of, Path file, Map<String, String> hashes,
            Map<String, Integer> answers, Map<String, Integer> dropped) throws IOException {
        answers.put(of.model(), 0);
        try (Writer out = Files.newBufferedWriter(file)) {
            of.forEach((id, said) -> {
                String hash = hashes.get(id);
                if (hash == null) {
                    dropped.merge(of.model(), 1, Integer::sum);
                    return;
                }
                answers.merge(of.model(), 1, Integer::sum);
                Recording recording = new Recording(of.model(), hash, said.output(), said.tokens(),
                        said.promptTokens(), said.latencyMillis(), null, said.finishReason());
                out.append(recording.json().toString()).append('\n');
            });
        }
    }

    private static ObjectNode item(Published.Item item) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("id", item.id());
        json.putArray("messages").addObject().put("role", "user").put("content", item.question());
        if (item.expected() != null) {
            json.put("expected", item.expected());
        }
        if (item.stratum() != null) {
            json.put("stratum", item.stratum());
        }
        return json;
    }

    private static String suite(Published published, String route, double margin) {
        return """
               suite: %s
               description: %s
               source: %s
               route: %s
               items: items.jsonl
               sampling: {temperature: 0}
               graders:
                 - %s
               decision: {margin: %s, alpha: 0.05, n_min: 200}
               """.formatted(published.suite(), quoted(published.description()), quoted(published.source()),
                quoted(route), published.grader(), margin);
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
