package dev.pareto.evals.suite.importer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.Template;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * promptfoo's assertions as graders. An item has one key: the first assertion that needs one gets it, further ones become
 * graders that carry their own value.
 */
final class PromptfooAsserts {

    /** A judge is a model, and whom to trust is not for a file from elsewhere to say. */
    static final String NEEDS_A_JUDGE = "it needs a judge: write its rubric into a file and add"
            + " {type: judge_binary, judge: VENDOR/MODEL, rubric: FILE} to the suite's graders";

    private static final Set<String> CODE = Set.of("javascript", "python", "ruby", "webhook");
    private static final Set<String> READ = Set.of("type", "value", "metric", "assert");
    private static final Pattern CELL = Pattern.compile(
            "(not-)?([a-z][a-z0-9-]*)(?:\\((\\d+(?:\\.\\d+)?)\\))?:(.*)", Pattern.DOTALL);
    private static final Set<String> CELL_TYPES = Set.of("equals", "contains", "icontains", "contains-all",
            "contains-any",
            "icontains-all", "icontains-any", "starts-with", "regex", "is-json", "contains-json", "javascript",
            "python",
            "llm-rubric", "similar", "levenshtein", "rouge-n", "bleu", "factuality", "cost", "latency", "is-xml",
            "is-sql",
            "is-refusal", "answer-relevance", "model-graded-closedqa", "webhook");

    private final SourceFiles files;
    private final Path file;
    private final Draft draft;
    private final JsonNode templates;

    /** Graders of an item, and its key. {@code hollow}: what said how a right answer looks was dropped. */
    record Graded(List<String> graders, @Nullable JsonNode expected, boolean hollow) {

        Graded {
            graders = List.copyOf(graders);
        }
    }

    PromptfooAsserts(SourceFiles files, Path file, Draft draft, JsonNode templates) {
        this.files = files;
        this.file = file;
        this.draft = draft;
        this.templates = templates;
    }

    /** A row of a CSV: columns {@code __expected}, {@code __expected2} … are assertions, the others variables. */
    static ObjectNode ofCsv(ObjectNode row) {
        ObjectNode test = JsonMapper.shared().createObjectNode();
        ObjectNode vars = test.putObject("vars");
        ObjectNode options = JsonMapper.shared().createObjectNode();
        ArrayNode asserts = test.putArray("assert");
        row.properties().forEach(cell -> {
            String value = cell.getValue().asString();
            switch (cell.getKey()) {
                case String key when key.startsWith("__expected") -> {
                    if (!value.isBlank()) {
                        asserts.add(ofCell(value));
                    }
                }
                case "__prefix", "__suffix" -> options.put(cell.getKey().substring(2), value);
                case "__description" -> test.put("description", value);
                case String key when key.startsWith("__metadata:") ->
                    test.withObjectProperty("metadata").put(key.substring("__metadata:".length()), value);
                case String key when key.startsWith("__") -> test.put(key, value);
                default -> vars.put(cell.getKey(), value);
            }
        });
        return options.isEmpty() ? test : test.set("options", options);
    }

    private static ObjectNode ofCell(String text) {
        ObjectNode one = JsonMapper.shared().createObjectNode();
        for (String code : List.of("fn:", "eval:")) {
            if (text.startsWith(code)) {
                return one.put("type", "javascript").put("value", text.substring(code.length()));
            }
        }
        if (text.startsWith("grade:")) {
            return one.put("type", "llm-rubric").put("value", text.substring("grade:".length()));
        }
        if (text.strip().equals("is-json") || text.strip().equals("contains-json")) {
            return one.put("type", text.strip());
        }
        Matcher cell = CELL.matcher(text);
        if (!cell.matches() || !CELL_TYPES.contains(cell.group(2))) {
            return one.put("type", "equals").put("value", text);
        }
        String type = String.valueOf(cell.group(2));
        String value = String.valueOf(cell.group(4));
        one.put("type", (cell.group(1) == null ? "" : "not-") + type);
        if (cell.group(3) != null) {
            one.put("threshold", Double.parseDouble(cell.group(3)));
        }
        if (type.endsWith("-all") || type.endsWith("-any")) {
            one.set("value",
                    JsonMapper.shared().valueToTree(Arrays.stream(value.split(",")).map(String::strip).toList()));
        } else if (!value.isBlank()) {
            one.put("value", value.strip());
        }
        return one;
    }

    Graded read(String where, JsonNode asserts, ObjectNode vars) throws IOException {
        Reading reading = new Reading(vars);
        reading.all(where + ".assert", asserts);
        return new Graded(reading.graders, reading.expected, reading.lost && !reading.positive);
    }

    /** The assertions of one test. */
    private final class Reading {

        private final ObjectNode vars;
        private final List<String> graders = new ArrayList<>();
        private @Nullable JsonNode expected;
        private boolean lost;
        private boolean positive;

        Reading(ObjectNode vars) {
            this.vars = vars;
        }

        void all(String where, JsonNode asserts) throws IOException {
            int number = 0;
            for (JsonNode one : asserts) {
                String at = where + "[" + number++ + "]";
                JsonNode resolved = one.has("$ref") ? template(one.path("$ref").asString("")) : one;
                String type = resolved.path("type").asString("");
                if (type.equals("assert-set") && !resolved.has("threshold")) {
                    all(at + ".assert", resolved.path("assert"));
                    continue;
                }
                try {
                    one(at, type, resolved);
                } catch (SuiteException e) {
                    lose(at, resolved, e.reason());
                } catch (IllegalArgumentException e) {
                    lose(at, resolved, String.valueOf(e.getMessage()));
                }
            }
        }

        private void lose(String where, JsonNode one, String why) {
            draft.drop(where, shown(one), why);
            lost = true;
        }

        private JsonNode template(String reference) {
            return templates.path(reference.substring(reference.lastIndexOf('/') + 1));
        }

        private void one(String where, String type, JsonNode one) throws IOException, SuiteException {
            String refusal = refusal(type);
            if (refusal != null) {
                lose(where, one, refusal);
                return;
            }
            JsonNode value = value(one.path("value"));
            ObjectNode spec = spec(type, value);
            if (spec == null) {
                lose(where, one, "no grader of Pareto says the same");
                return;
            }
            boolean keyed = needsKey(type) && (expected == null || expected.equals(value));
            if (!keyed && needsKey(type)) {
                spec = Specs.regex((type.equals("equals") ? "\\A\\s*" : "\\A") + Pattern.quote(text(value).strip())
                        + (type.equals("equals") ? "\\s*\\z" : ""));
            }
            String id = draft.grader(where, type, spec);
            if (id == null) {
                lost = true;
                return;
            }
            positive |= !type.startsWith("not-");
            for (String key : one.propertyNames()) {
                if (!READ.contains(key)) {
                    draft.drop(where, key + ": " + one.get(key),
                            "the assertion counts like any other, by its own rule");
                }
            }
            if (keyed) {
                expected = value;
            }
            if (!graders.contains(id)) {
                graders.add(id);
            }
        }

        /** The value with the test's variables in its places, or the text of the file that it names. */
        private JsonNode value(JsonNode value) throws IOException, SuiteException {
            if (value.isArray()) {
                ArrayNode filled = JsonMapper.shared().createArrayNode();
                for (JsonNode element : value) {
                    filled.add(value(element));
                }
                return filled;
            }
            if (!value.isString()) {
                return value;
            }
            String text = value.asString();
            if (text.startsWith("file://")) {
                Path named = files.named(file, text);
                return Set.of("json", "yaml", "yml").contains(SourceFiles.extension(named))
                        ? files.tree(named)
                        : string(files.text(named).strip());
            }
            return string(Template.jinja(text).render(vars));
        }
    }

    private static boolean needsKey(String type) {
        return type.equals("equals") || type.equals("starts-with");
    }

    private static @Nullable String refusal(String type) {
        String plain = type.startsWith("not-") ? type.substring(4) : type;
        if (CODE.contains(plain)) {
            return "it runs code, and a suite of Pareto executes nothing; say it with regex, contains_* or json_* graders";
        }
        return switch (plain) {
            case "latency" -> "write decision.guards: [{metric: latency.p95_ms, max: …}] instead";
            case "cost" -> "write decision.guards: [{metric: cost_per_success, max_ratio: …}] instead";
            case "llm-rubric", "model-graded-closedqa", "g-eval", "factuality", "model-graded-factuality" ->
                NEEDS_A_JUDGE;
            case "select-best", "max-score" -> "it compares several models' outputs; `eval compare` does, pair by pair";
            case "assert-set" -> "a set of which only some must pass has no equal here";
            default -> null;
        };
    }

    private static @Nullable ObjectNode spec(String type, JsonNode value) throws SuiteException {
        return switch (type) {
            case "equals" -> value.isContainer() ? Specs.spec("json_diff") : Specs.spec("exact");
            case "not-equals" -> Specs.not(text(value));
            case "starts-with" -> Specs.spec("starts_with");
            case "contains", "contains-all" -> Specs.values("contains_all", texts(value), false);
            case "icontains", "icontains-all" -> Specs.values("contains_all", texts(value), true);
            case "contains-any" -> Specs.values("contains_any", texts(value), false);
            case "icontains-any" -> Specs.values("contains_any", texts(value), true);
            case "not-contains", "not-contains-any" -> Specs.values("contains_none", texts(value), false);
            case "not-icontains", "not-icontains-any" -> Specs.values("contains_none", texts(value), true);
            case "regex" -> {
                String pattern = Specs.withoutGroups(text(value));
                yield pattern == null ? null : Specs.regex(pattern);
            }
            case "is-json", "contains-json" -> json(value, type.equals("contains-json"));
            case "is-xml" -> Specs.spec("xml_valid");
            case "is-refusal" -> Specs.spec("refusal").put("wanted", true);
            case "not-is-refusal" -> Specs.spec("refusal");
            default -> null;
        };
    }

    private static ObjectNode json(JsonNode value, boolean tolerant) throws SuiteException {
        JsonNode schema = value.isString() && !value.asString().isBlank()
                ? YamlTree.parse(Path.of("is-json"), value.asString())
                : value;
        ObjectNode spec = Specs.spec(schema.isObject() ? "json_schema" : "json_valid");
        if (schema.isObject()) {
            spec.set("schema", schema);
        }
        return tolerant ? spec.put("tolerant", true) : spec;
    }

    private static List<String> texts(JsonNode value) {
        List<String> texts = new ArrayList<>();
        (value.isArray() ? List.copyOf(value.values()) : List.of(value)).forEach(element -> texts.add(text(element)));
        if (texts.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("it looks for an empty text");
        }
        return texts;
    }

    private static String text(JsonNode value) {
        return value.isMissingNode() || value.isNull() ? "" : value.isValueNode() ? value.asString() : value.toString();
    }

    private static JsonNode string(String text) {
        return JsonMapper.shared().getNodeFactory().stringNode(text);
    }

    private static String shown(JsonNode one) {
        String value = text(one.path("value"));
        return one.path("type").asString("?") + (value.isEmpty() ? "" : ": " + value);
    }
}
