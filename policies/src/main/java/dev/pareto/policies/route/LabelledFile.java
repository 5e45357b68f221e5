package dev.pareto.policies.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pareto.policies.predict.accuracy.Answer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Labelled prompts from JSON lines, plain or gzipped: {@code {id, prompt, subject?, models: {name: {score, cost?, latency_ms?,
 * output?, logprobs?}}}}. A score is a number on any scale, or true or false; unknown fields are ignored. The same id with the same
 * prompt a second time is left out and counted. Bounded: lines to 8 MB, 500,000 lines, 16 models.
 *
 * @param prompts in the file's order
 * @param repeated how many lines were left out
 */
public record LabelledFile(List<LabelledPrompt> prompts, int repeated) {

    private static final int LONGEST_LINE = 8 << 20;
    private static final int MOST_LINES = 500_000;
    private static final int MOST_MODELS = 16;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    public LabelledFile {
        prompts = List.copyOf(prompts);
    }

    /**
     * @throws IOException when the file cannot be read
     * @throws IllegalArgumentException naming file and line of what cannot be used
     */
    public static LabelledFile read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(file + " is a folder, not a file of labelled prompts");
        }
        try {
            return readLines(file);
        } catch (ZipException | EOFException broken) {
            throw new IllegalArgumentException(file + " is no whole gzip file: " + broken.getMessage(), broken);
        }
    }

    private static LabelledFile readLines(Path file) throws IOException {
        List<LabelledPrompt> prompts = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Set<String> names = new HashSet<>();
        int repeated = 0;
        int number = 0;
        try (InputStream in = open(file)) {
            for (byte[] line = next(in, file, 1); line != null; line = next(in, file, number + 1)) {
                number++;
                if (number > MOST_LINES) {
                    throw new IllegalArgumentException(file + " has more than " + MOST_LINES + " lines; sample it");
                }
                String text = new String(line, UTF_8).strip();
                if (number == 1 && text.startsWith("\ufeff")) {
                    text = text.substring(1);
                }
                if (text.isEmpty()) {
                    continue;
                }
                LabelledPrompt prompt = parse(text, file, number);
                names.addAll(prompt.models().keySet());
                if (names.size() > MOST_MODELS) {
                    throw bad(file, number, "this is the model number " + names.size() + ", and at most " + MOST_MODELS
                            + " are compared; drop some from the file");
                }
                if (seen.add(prompt.id() + '\u0000' + prompt.prompt())) {
                    prompts.add(prompt);
                } else {
                    repeated++;
                }
            }
        }
        if (prompts.isEmpty()) {
            throw new IllegalArgumentException(file + " has no lines");
        }
        return new LabelledFile(prompts, repeated);
    }

    private static InputStream open(Path file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            in.mark(2);
            boolean zipped = in.read() == 0x1f && in.read() == 0x8b;
            in.reset();
            return zipped ? new BufferedInputStream(new GZIPInputStream(in), 1 << 16) : in;
        } catch (IOException broken) {
            in.close();
            throw broken;
        }
    }

    private static byte @Nullable [] next(InputStream in, Path file, int number) throws IOException {
        int c = in.read();
        if (c < 0) {
            return null;
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        while (c >= 0 && c != '\n') {
            if (line.size() == LONGEST_LINE) {
                throw bad(file, number, "longer than " + LONGEST_LINE + " bytes");
            }
            line.write(c);
            c = in.read();
        }
        return line.toByteArray();
    }

    private static LabelledPrompt parse(String text, Path file, int number) {
        JsonNode tree;
        try {
            tree = JSON.readTree(text);
        } catch (JacksonException wrong) {
            throw bad(file, number, "no JSON: " + wrong.getOriginalMessage());
        }
        JsonNode prompt = tree.get("prompt");
        if (prompt == null || !prompt.isString()) {
            throw bad(file, number, "\"prompt\" must be a text");
        }
        JsonNode models = tree.get("models");
        if (models == null || !models.isObject() || models.isEmpty()) {
            throw bad(file, number, "\"models\" must be an object such as {\"a/model\": {\"score\": 1}}");
        }
        Map<String, LabelledPrompt.Label> labels = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> model : models.properties()) {
            labels.put(model.getKey(), label(model.getKey(), model.getValue(), file, number));
        }
        JsonNode id = tree.get("id");
        JsonNode subject = tree.get("subject");
        return new LabelledPrompt(id == null || id.isNull() ? "line " + number : id.asString(), prompt.asString(),
                subject == null || subject.isNull() || subject.asString().isBlank() ? null : subject.asString(),
                labels);
    }

    private static LabelledPrompt.Label label(String model, JsonNode node, Path file, int number) {
        JsonNode given = node.isObject() ? node.get("score") : node;
        Double score = null;
        if (given != null && given.isBoolean()) {
            score = given.asBoolean() ? 1.0 : 0.0;
        } else if (given != null && given.isNumber() && Double.isFinite(given.asDouble())) {
            score = given.asDouble();
        } else if (given != null && !given.isNull()) {
            throw bad(file, number, "the score of " + model + " must be a number, not " + given);
        }
        JsonNode output = node.isObject() ? node.get("output") : null;
        return new LabelledPrompt.Label(score,
                output == null || output.isNull()
                        ? null
                        : new Answer(output.isString() ? output.asString() : output.toString(),
                                logprobs(node, model, file, number)));
    }

    private static double @Nullable [] logprobs(JsonNode node, String model, Path file, int number) {
        JsonNode given = node.get("logprobs");
        if (given == null || given.isNull()) {
            return null;
        }
        if (!given.isArray()) {
            throw bad(file, number, "\"logprobs\" of " + model + " must be a list of numbers, one a token");
        }
        double[] logprobs = new double[given.size()];
        for (int i = 0; i < logprobs.length; i++) {
            JsonNode value = given.get(i);
            if (value == null || !value.isNumber() || !(value.asDouble() <= 1e-6)) {
                throw bad(file, number,
                        "\"logprobs\" of " + model + " holds " + value + ", which is no logarithm of a probability");
            }
            logprobs[i] = Math.max(-100, value.asDouble());
        }
        return logprobs;
    }

    private static IllegalArgumentException bad(Path file, int number, String reason) {
        return new IllegalArgumentException(file + ", line " + number + ": " + reason);
    }
}
