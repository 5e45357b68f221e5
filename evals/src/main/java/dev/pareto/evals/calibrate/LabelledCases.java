package dev.pareto.evals.calibrate;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.pareto.evals.JsonLines;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Labels of people, one JSON object a line, in any of these shapes:
 *
 * <ul>
 * <li>{@code {"id", "prompt" or "messages", "answer", "expected"?, "human": true}}: an answer;
 * <li>{@code {"id", "prompt" or "messages", "a", "b", "human": "a"}}: a pair;
 * <li>{@code {"id", "messages", "a", "b", "choice": "a"}}, as {@code eval label} asks people: a pair; of {@code both} and {@code neither}
 * only two answers;
 * <li>{@code {"id", "input", "output_1", "output_2", "label": 1}}: a pair of LLMBar.
 * </ul>
 *
 * @param cases in the order of the file
 * @param leftOut how many lines say nothing of that kind, by reason
 */
public record LabelledCases(List<LabelledCase> cases, Map<String, Integer> leftOut) {

    private static final int MAX_LINE_BYTES = 4 << 20;
    private static final int MAX_CASES = 100_000;
    private static final TypeReference<List<Map<String, Object>>> MESSAGES = new TypeReference<>() {};

    /** Copies both. */
    public LabelledCases {
        cases = List.copyOf(cases);
        leftOut = Map.copyOf(leftOut);
    }

    /**
     * Reads a file.
     *
     * @param pairs whether pairs are wanted; else each answer by itself, of a pair the better one as good, the other as bad
     * @throws IOException when it cannot be read or a line is of no known shape; its message names the line
     */
    public static LabelledCases read(Path file, boolean pairs) throws IOException {
        var reader = new Reader(file, pairs);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            JsonLines lines = new JsonLines(in, MAX_LINE_BYTES);
            for (byte[] bytes = lines.next(); bytes != null; bytes = lines.next()) {
                reader.line(lines.number(), JsonMapper.shared().readTree(bytes));
            }
        } catch (JsonLines.BadLineException e) {
            throw new IOException(file + ": line " + e.line() + ": " + e.reason(), e);
        } catch (JacksonException e) {
            throw new IOException(file + ": not JSON: " + e.getOriginalMessage(), e);
        }
        if (reader.cases.isEmpty()) {
            throw new IOException(file + ": there is no label"
                    + (reader.leftOut.isEmpty() ? "" : " of that kind: " + reader.leftOut));
        }
        return new LabelledCases(reader.cases, reader.leftOut);
    }

    private static final class Reader {

        private final Path file;
        private final boolean pairs;
        private final List<LabelledCase> cases = new ArrayList<>();
        private final Set<String> ids = new HashSet<>();
        private final Set<List<Object>> texts = new HashSet<>();
        private final Map<String, Integer> leftOut = new TreeMap<>();

        Reader(Path file, boolean pairs) {
            this.file = file;
            this.pairs = pairs;
        }

        void line(int number, JsonNode line) throws IOException {
            String id = line.path("id").asString("");
            require(!id.isEmpty() && ids.add(id), number, "each line needs an 'id' of its own");
            require(ids.size() <= MAX_CASES, number, "more than " + MAX_CASES + " labels");
            if (line.has("answer")) {
                require(line.path("human").isBoolean(), number,
                        "'human' says whether the answer is good: true or false");
                if (pairs) {
                    leftOut.merge("no pair", 1, Integer::sum);
                } else {
                    add(new LabelledCase(id, messages(number, line), text(number, line, "answer"), null,
                            line.get("expected"), line.path("human").booleanValue()));
                }
                return;
            }
            boolean llmBar = line.has("output_1");
            String first = text(number, line, llmBar ? "output_1" : "a");
            String second = text(number, line, llmBar ? "output_2" : "b");
            String word = llmBar
                    ? line.path("label").asInt(0) == 1 ? "a" : line.path("label").asInt(0) == 2 ? "b" : ""
                    : line.path(line.has("choice") ? "choice" : "human").asString("").strip();
            pair(number, line, id, first, second, word);
        }

        /** The same text twice is one thing that people said, however many lines it has. */
        private void add(LabelledCase one) {
            List<Object> text = new ArrayList<>(List.of(one.messages(), one.answer()));
            if (one.other() != null) {
                text.add(one.other());
            }
            if (texts.add(text)) {
                cases.add(one);
            } else {
                leftOut.merge("the same text as another", 1, Integer::sum);
            }
        }

        private void pair(int number, JsonNode line, String id, String first, String second, String word)
                throws IOException {
            List<Map<String, Object>> messages = messages(number, line);
            switch (word) {
                case "a", "b" -> {
                    boolean better = word.equals("a");
                    if (pairs) {
                        add(new LabelledCase(id, messages, first, second, null, better));
                    } else {
                        add(new LabelledCase(id + "#a", messages, first, null, line.get("expected"), better));
                        add(new LabelledCase(id + "#b", messages, second, null, line.get("expected"), !better));
                    }
                }
                case "both", "neither" -> {
                    if (pairs) {
                        leftOut.merge(word.equals("both") ? "both are good" : "neither is good", 1, Integer::sum);
                    } else {
                        boolean good = word.equals("both");
                        add(new LabelledCase(id + "#a", messages, first, null, line.get("expected"), good));
                        add(new LabelledCase(id + "#b", messages, second, null, line.get("expected"), good));
                    }
                }
                case "skip", "" -> leftOut.merge("nobody could tell", 1, Integer::sum);
                default -> throw fault(number, "'" + word + "' is no label; write a, b, both, neither or skip");
            }
        }

        private List<Map<String, Object>> messages(int number, JsonNode line) throws IOException {
            if (line.path("messages").isArray()) {
                try {
                    return JsonMapper.shared().convertValue(line.get("messages"), MESSAGES);
                } catch (JacksonException | IllegalArgumentException e) {
                    throw fault(number, "'messages' is no list of messages");
                }
            }
            JsonNode prompt = line.path(line.has("input") ? "input" : "prompt");
            require(prompt.isString(), number, "what was asked is missing; write 'prompt' or 'messages'");
            return List.of(Map.of("role", "user", "content", prompt.stringValue()));
        }

        private String text(int number, JsonNode line, String key) throws IOException {
            @Nullable
            JsonNode text = line.get(key);
            require(text != null && text.isString(), number, "'" + key + "' must be a text");
            return text == null ? "" : text.asString();
        }

        private void require(boolean condition, int number, String problem) throws IOException {
            if (!condition) {
                throw fault(number, problem);
            }
        }

        private IOException fault(int number, String problem) {
            return new IOException(file + ": line " + number + ": " + problem);
        }
    }
}
