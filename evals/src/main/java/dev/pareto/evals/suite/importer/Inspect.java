package dev.pareto.evals.suite.importer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import dev.pareto.evals.suite.SuiteException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Inspect (inspect.aisi.org.uk): data sets of samples {@code input, target, choices?, id?, metadata?} as JSONL, JSON or CSV,
 * and logs, whose answers become recordings. What a sandbox, a tool or a solver would do is not in a data set, and is left out.
 */
final class Inspect implements Importer {

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final List<String> READ = List.of("input", "target", "choices", "id", "metadata", "question",
            "answer");
    private static final List<String> NEEDS_MORE = List.of("sandbox", "files", "setup");

    @Override
    public void read(SourceFiles files, ImportOptions options, Draft draft) throws IOException, SuiteException {
        String name = String.valueOf(files.source().getFileName());
        draft.name(name.substring(0, Math.max(1, name.lastIndexOf('.'))));
        String extension = SourceFiles.extension(files.source());
        if (extension.equals("eval") || (extension.equals("json") && files.tree(files.source()).has("eval"))) {
            new InspectLog(files, options, draft).read();
            return;
        }
        List<SourceFiles.Row> rows = files.rows(files.source());
        if (options.grader() == null) {
            draft.drop(files.name(files.source()), "the scorer",
                    "a data set names none: answers that contain the target are"
                            + " right (Inspect's includes), letters of choices by ANSWER: X; choose with --grader");
        }
        int number = 0;
        for (SourceFiles.Row row : rows) {
            number++;
            JsonNode choices = choices(row.value().path("choices"));
            ObjectNode spec = options.grader() != null ? options.grader() : choices.isEmpty() ? includes() : choice();
            add(row, number, row.value(), choices, spec, draft);
        }
    }

    static ObjectNode includes() {
        return Specs.values("contains_any", List.of(), true);
    }

    static ObjectNode choice() {
        return Specs.regex("(?i)ANSWER\\s*:\\s*\\(?([A-Z])\\b");
    }

    /** @return the messages of the item; null when there is none */
    static @Nullable ArrayNode add(SourceFiles.Row row, int number, ObjectNode sample, JsonNode choices,
            ObjectNode spec,
            Draft draft) {
        for (String key : sample.propertyNames()) {
            if (NEEDS_MORE.contains(key) && !sample.get(key).isNull()) {
                draft.drop(row.where(), "the whole sample", "it needs " + key + ", and a suite only asks");
                return null;
            }
            if (!READ.contains(key) && !NEEDS_MORE.contains(key)) {
                draft.drop(row.where(), key + ": " + sample.get(key), "Pareto has nothing of the kind");
            }
        }
        ArrayNode messages;
        try {
            messages = messages(sample.path("input"), choices);
        } catch (IllegalArgumentException e) {
            draft.drop(row.where(), "the whole sample", String.valueOf(e.getMessage()));
            return null;
        }
        JsonNode expected = target(sample.path("target"), spec);
        if (expected == null) {
            draft.drop(row.where(), "the whole sample", "several targets, and the grader takes one");
            return null;
        }
        String id = draft.grader(row.where(), spec.path("type").asString("target"), spec);
        if (id == null) {
            return null;
        }
        JsonNode own = sample.path("id");
        ObjectNode more = JsonMapper.shared().createObjectNode();
        JsonNode category = sample.path("metadata").path("category");
        if (category.isString()) {
            more.put("stratum", category.asString());
        }
        draft.item(row.where(), own.isValueNode() && !own.isNull() ? own.asString() : "sample-" + number, messages,
                expected.isMissingNode() ? null : expected, List.of(id), more);
        return messages;
    }

    private static ArrayNode messages(JsonNode input, JsonNode choices) {
        ArrayNode messages = JsonMapper.shared().createArrayNode();
        if (input.isString()) {
            messages.addObject().put("role", "user").put("content", input.asString());
        }
        for (JsonNode message : input.isArray() ? input : JsonMapper.shared().createArrayNode()) {
            if (message.has("tool_calls") && !message.get("tool_calls").isEmpty()) {
                throw new IllegalArgumentException("its conversation calls tools, which the suite does not have");
            }
            messages.addObject()
                    .put("role", message.path("role").asString("user"))
                    .put("content", Specs.text(message.path("content")));
        }
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("'input' is neither a text nor a list of messages");
        }
        if (!choices.isEmpty()) {
            ObjectNode last = (ObjectNode) messages.get(messages.size() - 1);
            StringBuilder text = new StringBuilder(last.path("content").asString("")).append("\n");
            for (int i = 0; i < choices.size(); i++) {
                text.append('\n').append(LETTERS.charAt(i)).append(") ").append(choices.get(i).asString(""));
            }
            last.put("content",
                    text.append("\n\nReply with one line of the form ANSWER: X, where X is the letter of the right"
                            + " choice.").toString());
        }
        return messages;
    }

    /** A list of one is that one; several are for graders that take any of them. */
    private static @Nullable JsonNode target(JsonNode target, ObjectNode spec) {
        if (!target.isArray() || spec.path("type").asString("").startsWith("contains")) {
            return target;
        }
        return target.size() == 1 ? target.get(0) : null;
    }

    static JsonNode choices(JsonNode node) {
        List<JsonNode> choices = new ArrayList<>();
        if (node.isArray()) {
            choices.addAll(node.values());
        } else if (node.isString() && !node.asString().isBlank()) {
            for (String one : node.asString().split(",", -1)) {
                choices.add(JsonMapper.shared().getNodeFactory().stringNode(one.strip()));
            }
        }
        return JsonMapper.shared()
                .createArrayNode()
                .addAll(choices.subList(0, Math.min(LETTERS.length(), choices.size())));
    }
}
