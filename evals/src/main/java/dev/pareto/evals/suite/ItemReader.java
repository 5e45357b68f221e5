package dev.pareto.evals.suite;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.JsonLines;
import dev.pareto.evals.Spelling;
import dev.pareto.evals.grade.text.LabelMatch;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads items line by line within bounds, and checks each against its graders before anything is spent. */
final class ItemReader {

    static final int MAX_LINE_BYTES = 1 << 20;
    static final int MAX_ITEMS = 200_000;
    /** So many are told at once. */
    static final int MAX_MISTAKES = 20;

    private static final Set<String> KEYS = Set.of("id", "messages", "expected", "cluster", "stratum", "tags",
            "graders", "source", "vars", "critical");
    private static final Set<String> SOURCE = Set.of("trace", "route", "ts", "pii", "label");
    private static final List<String> ROLES = List.of("system", "developer", "user", "assistant", "tool");
    private static final Map<String, String> LATER = Map.of("weight",
            "give the item a stratum and the stratum its share in decision.grouping.weights");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final TypeReference<LinkedHashMap<String, Object>> MESSAGE = new TypeReference<>() {};

    private final Map<String, SuiteGrader> graders = new LinkedHashMap<>();
    private final Prompt prompt;
    private final @Nullable GroupKey groupKey;
    private final MessageDigest digest;

    /** The variable {@code key} tells the group, {@code kind} whether it is a cluster or a stratum. */
    record GroupKey(String kind, String key) {}

    /** The items, and the graders completed with what only the items tell: the closed set of labels. */
    record Items(List<Item> items, List<SuiteGrader> graders) {}

    ItemReader(List<SuiteGrader> graders, Prompt prompt, @Nullable GroupKey groupKey, MessageDigest digest) {
        graders.forEach(grader -> this.graders.put(grader.id(), grader));
        this.prompt = prompt;
        this.groupKey = groupKey;
        this.digest = digest;
    }

    Items read(Path file) throws IOException, SuiteException {
        Reading reading = new Reading(file);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            JsonLines lines = new JsonLines(in, MAX_LINE_BYTES);
            for (byte[] bytes = lines.next(); bytes != null && !reading.givenUp(); bytes = lines.next()) {
                reading.line(lines.number(), bytes);
            }
        } catch (JsonLines.BadLineException e) {
            reading.mistakes.add(new SuiteException(file, e.line(), e.reason(), "shorten or mend the line"));
        }
        List<Item> items = reading.items();
        return new Items(items, withLabels(items));
    }

    /** The lines of one file so far; a mistake in one does not hide those of the next. */
    private final class Reading {

        private final Path file;
        private final List<Item> items = new ArrayList<>();
        private final List<SuiteException> mistakes = new ArrayList<>();
        private final Map<String, Integer> lineOfId = new HashMap<>();
        private final Map<String, Integer> lineOfQuestion = new HashMap<>();

        Reading(Path file) {
            this.file = file;
        }

        boolean givenUp() {
            return mistakes.size() >= MAX_MISTAKES || items.size() > MAX_ITEMS;
        }

        void line(int number, byte[] bytes) {
            try {
                if (bytes.length == 0) {
                    throw new SuiteException(file, number, "an empty line", "remove it");
                }
                Line line = new Line(file, number, parse(file, number, bytes));
                Item item = line.item();
                refuseRepeated(number, "the id '" + item.id() + "'", lineOfId.putIfAbsent(item.id(), number));
                refuseRepeated(number, "the same messages",
                        lineOfQuestion.putIfAbsent(CanonicalJson.sha256(JSON.valueToTree(item.messages())), number));
                digest.update((byte) '\n');
                digest.update(CanonicalJson.text(line.node).getBytes(StandardCharsets.UTF_8));
                items.add(item);
                if (items.size() > MAX_ITEMS) {
                    throw new SuiteException(file, number, "more than " + MAX_ITEMS + " items", "split the suite");
                }
            } catch (SuiteException mistake) {
                mistakes.add(mistake);
            }
        }

        List<Item> items() throws SuiteException {
            if (!mistakes.isEmpty()) {
                throw SuiteException.all(mistakes, mistakes.size() >= MAX_MISTAKES);
            }
            if (items.isEmpty()) {
                throw new SuiteException(file, 0, "there are no items", "write one JSON object per line");
            }
            return items;
        }

        private void refuseRepeated(int number, String what, @Nullable Integer earlier) throws SuiteException {
            if (earlier != null) {
                throw new SuiteException(file, number, "line " + earlier + " has " + what + " already",
                        "remove one: an item counted twice makes the evidence look stronger than it is");
            }
        }
    }

    private static JsonNode parse(Path file, int number, byte[] bytes) throws SuiteException {
        try {
            JsonNode node = JSON.readTree(bytes);
            if (node.isObject()) {
                return node;
            }
        } catch (JacksonException e) {
            throw new SuiteException(file, number, "not JSON: " + e.getOriginalMessage(), "mend the line");
        } catch (NumberFormatException e) {
            throw new SuiteException(file, number, "a number beyond all bounds: " + e.getMessage(), "mend the line");
        }
        throw new SuiteException(file, number, "not a JSON object", "write {\"id\": …, \"messages\": […], …}");
    }

    /**
     * A label grader without labels learns them from the keys of its items, so that "no label at all" can be told.
     */
    private List<SuiteGrader> withLabels(List<Item> items) {
        List<SuiteGrader> completed = new ArrayList<>();
        for (SuiteGrader grader : graders.values()) {
            if (grader.grader() instanceof LabelMatch match && match.labels().isEmpty()) {
                Set<String> labels = new TreeSet<>();
                items.stream()
                        .filter(item -> item.graders().contains(grader.id()))
                        .map(Item::expected)
                        .forEach(key -> labels.add(key == null ? "" : key.asString()));
                completed.add(new SuiteGrader(grader.id(), grader.primary(), grader.guard(),
                        new LabelMatch(labels, match.path())));
            } else {
                completed.add(grader);
            }
        }
        return completed;
    }

    /** One line, read with errors that name it. */
    private final class Line {

        private final Path file;
        private final int number;
        private final JsonNode node;

        Line(Path file, int number, JsonNode node) {
            this.file = file;
            this.number = number;
            this.node = node;
        }

        Item item() throws SuiteException {
            for (String key : node.propertyNames()) {
                if (LATER.containsKey(key)) {
                    throw error("'" + key + "' is not supported yet", LATER.getOrDefault(key, "remove it"));
                }
                if (!KEYS.contains(key)) {
                    String meant = Spelling.nearest(key, KEYS);
                    throw error("unknown key '" + key + "'", (meant == null ? "" : "did you mean '" + meant + "'? ")
                            + "known are " + new TreeSet<>(KEYS));
                }
            }
            String id = text("id");
            if (id == null || id.isBlank() || id.length() > 200) {
                throw error("'id' is missing, empty or longer than 200 characters", "give each item its own id");
            }
            JsonNode expected = node.get("expected");
            List<String> applied = applied();
            for (String name : applied) {
                SuiteGrader grader = graders.get(name);
                String problem = grader == null ? "is not in the suite" : grader.grader().problemWith(expected);
                if (problem != null) {
                    throw error("grader '" + name + "' " + problem, "mend the item or its 'graders'");
                }
            }
            checkSource();
            return new Item(id, prompt.around(asked()), expected == null || expected.isNull() ? null : expected,
                    group("cluster"), group("stratum"), texts("tags"), applied, flag("critical"));
        }

        private List<String> applied() throws SuiteException {
            List<String> named = texts("graders");
            List<String> applied = named.isEmpty() ? List.copyOf(graders.keySet()) : named;
            for (String name : applied) {
                SuiteGrader grader = graders.get(name);
                if (grader != null && !grader.guard()) {
                    return applied;
                }
            }
            throw error("no grader measures this item's quality", "name one of " + graders.keySet());
        }

        /** The item's messages, or the suite's template filled with the item's variables. */
        private List<Map<String, Object>> asked() throws SuiteException {
            JsonNode vars = node.get("vars");
            if (vars == null || node.has("messages")) {
                return messages();
            }
            if (!vars.isObject()) {
                throw error("'vars' must be an object", "write {\"name\": \"value\"}");
            }
            try {
                return prompt.filled(vars);
            } catch (IllegalArgumentException e) {
                throw error(String.valueOf(e.getMessage()), "add the variable, or write the item's 'messages'");
            }
        }

        /** What the item says of its own group, or what the grouping's variable says. */
        private @Nullable String group(String kind) throws SuiteException {
            String own = text(kind);
            GroupKey key = groupKey;
            if (own != null || key == null || !key.kind().equals(kind)) {
                return own;
            }
            JsonNode value = node.path("vars").get(key.key());
            if (value == null || value.isNull()) {
                return null;
            }
            if (!value.isValueNode()) {
                throw error("the variable '" + key.key() + "' is no text, and items are grouped by it",
                        "write one value");
            }
            return value.asString();
        }

        private boolean flag(String key) throws SuiteException {
            JsonNode value = node.get(key);
            if (value != null && !value.isNull() && !value.isBoolean()) {
                throw error("'" + key + "' must be true or false", "write true or false");
            }
            return value != null && value.asBoolean(false);
        }

        private void checkSource() throws SuiteException {
            JsonNode source = node.get("source");
            if (source == null || source.isNull() || source.isString()) {
                return;
            }
            if (!source.isObject() || !SOURCE.containsAll(source.propertyNames())) {
                throw error("'source' is neither a text nor an object of " + new TreeSet<>(SOURCE),
                        "write {\"route\": \"…\", \"ts\": \"…\"}");
            }
        }

        private List<Map<String, Object>> messages() throws SuiteException {
            JsonNode array = node.get("messages");
            if (array == null || !array.isArray() || array.isEmpty()) {
                throw error("'messages' is missing or empty",
                        "write [{\"role\": \"user\", \"content\": \"…\"}], or 'vars'");
            }
            List<Map<String, Object>> messages = new ArrayList<>();
            for (JsonNode message : array) {
                if (!message.isObject() || !message.path("role").isString() || !message.has("content")) {
                    throw error("a message without 'role' and 'content'", "give it both");
                }
                JsonNode content = message.path("content");
                if (!content.isString() && !content.isArray() && !(content.isNull() && message.has("tool_calls"))) {
                    throw error("a message whose 'content' is neither a text nor a list of parts",
                            "write \"content\": \"…\"");
                }
                String role = message.path("role").stringValue();
                if (!ROLES.contains(role)) {
                    String meant = Spelling.nearest(role, ROLES);
                    throw error("there is no role '" + role + "'", (meant == null
                            ? ""
                            : "did you mean '" + meant
                                    + "'? ")
                            + "a message is of one of " + ROLES);
                }
                messages.add(Collections.unmodifiableMap(JSON.convertValue(message, MESSAGE)));
            }
            return messages;
        }

        private @Nullable String text(String key) throws SuiteException {
            JsonNode value = node.get(key);
            if (value == null || value.isNull()) {
                return null;
            }
            if (!value.isString() && !value.canConvertToExactIntegral()) {
                throw error("'" + key + "' must be a text", "write one value");
            }
            return value.asString();
        }

        private List<String> texts(String key) throws SuiteException {
            JsonNode value = node.get(key);
            List<String> texts = new ArrayList<>();
            if (value == null || value.isNull()) {
                return texts;
            }
            for (JsonNode element : value) {
                if (!element.isString()) {
                    throw error("'" + key + "' must be a list of texts", "write [\"a\", \"b\"]");
                }
                texts.add(element.asString());
            }
            if (!value.isArray()) {
                throw error("'" + key + "' must be a list of texts", "write [\"a\", \"b\"]");
            }
            return texts;
        }

        private SuiteException error(String reason, String remedy) {
            return new SuiteException(file, number, reason, remedy);
        }
    }
}
