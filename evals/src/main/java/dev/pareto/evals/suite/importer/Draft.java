package dev.pareto.evals.suite.importer;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.SuiteFolder;
import dev.pareto.evals.suite.SuiteGrader;
import dev.pareto.evals.suite.SuiteReader;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A suite in the making. Whatever would make the suite unreadable (an unknown grader, a question asked twice, a key that
 * the grader cannot read) is left out here, with its reason, one by one. Not thread-safe.
 */
final class Draft {

    private final Path source;
    private final Map<String, ObjectNode> specs = new LinkedHashMap<>();
    private final Map<String, SuiteGrader> graders = new HashMap<>();
    private final Map<String, String> idOfSpec = new HashMap<>();
    private final Map<String, JsonNode> sampling = new LinkedHashMap<>();
    private final List<ObjectNode> items = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private final Map<String, String> idOfQuestion = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private final List<ObjectNode> answers = new ArrayList<>();
    private final List<Dropped> dropped = new ArrayList<>();
    private String name = "imported";
    private String description = "";
    private @Nullable String license;

    Draft(Path source) {
        this.source = source;
    }

    void name(String text) {
        String plain = text.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[._-]+|[._-]+$", "");
        if (!plain.isEmpty()) {
            name = plain.substring(0, Math.min(100, plain.length()));
        }
    }

    void describe(String text) {
        description = text.strip();
    }

    void license(String text) {
        license = text;
    }

    void sampling(String key, JsonNode value) {
        sampling.put(key, value);
    }

    void drop(String where, String what, String why) {
        dropped.add(new Dropped(where, what, why));
    }

    /** Notes something that is so for the whole source, once. */
    void dropOnce(String what, String why) {
        Dropped one = new Dropped("the source", what, why);
        if (!dropped.contains(one)) {
            dropped.add(one);
        }
    }

    /**
     * A grader of that specification, new or the equal one that is there already.
     *
     * @return its id; null when this version has no such grader, which is noted as dropped
     */
    @Nullable
    String grader(String where, String id, ObjectNode spec) {
        String key = CanonicalJson.sha256(spec);
        String known = idOfSpec.get(key);
        if (known != null) {
            return known;
        }
        String fresh = id.replaceAll("[^A-Za-z0-9._-]+", "-");
        for (int i = 2; specs.containsKey(fresh); i++) {
            fresh = id + "-" + i;
        }
        ObjectNode whole = JsonMapper.shared().createObjectNode().put("id", fresh);
        whole.setAll(spec);
        try {
            graders.put(fresh, SuiteReader.grader(source, whole));
        } catch (SuiteException e) {
            drop(where, spec.toString(), "no such grader here: " + e.reason());
            return null;
        }
        specs.put(fresh, whole);
        idOfSpec.put(key, fresh);
        return fresh;
    }

    /**
     * Adds an item unless it cannot be used.
     *
     * @param applied ids of its graders; at least one
     */
    void item(String where, String id, ArrayNode messages, @Nullable JsonNode expected, List<String> applied,
            ObjectNode more) {
        for (String grader : applied) {
            String problem = requireNonNull(graders.get(grader), "the grader was made here").grader()
                    .problemWith(expected);
            if (problem != null) {
                drop(where, "item " + id, "grader '" + grader + "' " + problem);
                return;
            }
        }
        String question = CanonicalJson.sha256(messages);
        String earlier = idOfQuestion.putIfAbsent(question, id);
        if (earlier != null) {
            drop(where, "item " + id, "it asks what item " + earlier
                    + " asks; counted twice it would make the evidence look stronger than it is");
            return;
        }
        ObjectNode item = JsonMapper.shared().createObjectNode();
        item.put("id", unique(id));
        item.set("messages", messages);
        if (expected != null) {
            item.set("expected", expected);
        }
        item.setAll(more);
        item.set("graders", JsonMapper.shared().valueToTree(applied));
        items.add(item);
        applied.forEach(grader -> uses.merge(grader, 1, Integer::sum));
    }

    private String unique(String id) {
        String plain = id.isBlank() ? "item" : id.strip().substring(0, Math.min(150, id.strip().length()));
        String fresh = plain;
        for (int i = 2; !ids.add(fresh); i++) {
            fresh = plain + "-" + i;
        }
        return fresh;
    }

    /** An answer that the source recorded, for a vendor of the kind {@code recorded}; figures are null when unknown. */
    void answer(String model, ArrayNode messages, String output, @Nullable Long tokens, @Nullable Long promptTokens,
            @Nullable Double latencyMillis) {
        ObjectNode answer = JsonMapper.shared().createObjectNode();
        answer.put("model", model);
        answer.set("messages", messages);
        answer.put("output", output);
        if (tokens != null) {
            answer.put("tokens", tokens);
        }
        if (promptTokens != null) {
            answer.put("prompt_tokens", promptTokens);
        }
        if (latencyMillis != null) {
            answer.put("latency_ms", latencyMillis);
        }
        answers.add(answer);
    }

    /** Writes the suite, its recorded answers and where it came from. */
    Imported write(Path folder, String format, SortedMap<String, String> hashes) throws IOException, SuiteException {
        if (items.isEmpty()) {
            throw new SuiteException(source, 0, "nothing is left to ask: " + firstReason(),
                    "see the format's notes in docs/evals-and-swaps.md");
        }
        Map<String, String> files = new LinkedHashMap<>();
        files.put("suite.yaml", SuiteFolder.yaml(yaml(format)));
        files.put("items.jsonl", lines(items));
        if (!answers.isEmpty()) {
            files.put("recorded.jsonl", lines(answers));
        }
        files.put("import.json", provenance(format, hashes).toPrettyString() + "\n");
        Suite suite = SuiteFolder.write(folder, files);
        return new Imported(folder, name, suite.version(), items.size(), List.copyOf(used().keySet()), answers.size(),
                dropped);
    }

    private ObjectNode yaml(String format) {
        ObjectNode yaml = JsonMapper.shared().createObjectNode();
        yaml.put("suite", name);
        if (!description.isEmpty()) {
            yaml.put("description", description);
        }
        if (license != null) {
            yaml.put("license", license);
        }
        yaml.put("source", "imported from " + format + " (" + source.getFileName() + "); see import.json");
        yaml.put("items", "items.jsonl");
        ObjectNode settings = yaml.putObject("sampling");
        settings.put("temperature", BigDecimal.ZERO);
        sampling.forEach(settings::set);
        ArrayNode list = yaml.putArray("graders");
        used().values().forEach(list::add);
        return yaml;
    }

    /** Graders of items that were dropped later are not worth a line. */
    private Map<String, ObjectNode> used() {
        Map<String, ObjectNode> used = new LinkedHashMap<>();
        specs.forEach((id, spec) -> {
            if (uses.containsKey(id)) {
                used.put(id, spec);
            }
        });
        return used;
    }

    private ObjectNode provenance(String format, SortedMap<String, String> hashes) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("format", format);
        json.set("source", JsonMapper.shared().valueToTree(hashes));
        json.put("items", items.size());
        json.set("dropped", Imported.json(dropped));
        return json;
    }

    private String firstReason() {
        return dropped.isEmpty()
                ? "the source has no cases"
                : dropped.getFirst().where() + ": " + dropped.getFirst().why() + " (" + dropped.size() + " in all)";
    }

    private static String lines(List<ObjectNode> objects) {
        StringBuilder lines = new StringBuilder();
        objects.forEach(object -> lines.append(object).append('\n'));
        return lines.toString();
    }
}
