package dev.pareto.evals.suite.importer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.Template;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What OpenAI's Evals API gives out (platform.openai.com/docs/api-reference/evals): the {@code eval} with its testing
 * criteria, {@code eval.run}s with their data source and prompt template, {@code eval.run.output_item}s with answers, and
 * rows {@code {"item": …, "sample"?: …}}; objects, list pages or lines, in one file or a folder of them.
 */
final class OpenAiEvals implements Importer {

    /** Everything of the export, sorted by kind. */
    private static final class Export {

        private final List<ObjectNode> evals = new ArrayList<>();
        private final List<ObjectNode> runs = new ArrayList<>();
        private final List<ObjectNode> outputs = new ArrayList<>();
        private final Map<String, SourceFiles.Row> rows = new LinkedHashMap<>();

        void take(String where, JsonNode node) {
            if (node.isArray()) {
                int number = 0;
                for (JsonNode element : node) {
                    take(where + "[" + number++ + "]", element);
                }
                return;
            }
            if (!(node instanceof ObjectNode object)) {
                return;
            }
            switch (object.path("object").asString("")) {
                case "eval" -> evals.add(object);
                case "list" -> take(where + ".data", object.path("data"));
                case "eval.run" -> {
                    runs.add(object);
                    take(where + ".data_source", object.path("data_source").path("source").path("content"));
                }
                case "eval.run.output_item" -> {
                    outputs.add(object);
                    row(where, object.path("datasource_item"));
                }
                default -> {
                    if (object.path("item").isObject()) {
                        row(where, object.path("item"));
                    } else if (object.has("testing_criteria")) {
                        evals.add(object);
                    }
                }
            }
        }

        private void row(String where, JsonNode item) {
            if (item instanceof ObjectNode object) {
                rows.putIfAbsent(CanonicalJson.sha256(object), new SourceFiles.Row(where, object));
            }
        }
    }

    @Override
    public void read(SourceFiles files, ImportOptions options, Draft draft) throws IOException, SuiteException {
        Export export = new Export();
        for (Path file : sources(files, options)) {
            String extension = SourceFiles.extension(file);
            if (extension.equals("jsonl")) {
                files.rows(file).forEach(row -> export.take(row.where(), row.value()));
            } else {
                export.take(files.name(file), files.tree(file));
            }
        }
        if (export.evals.size() != 1) {
            throw new SuiteException(files.source(), 0, "found " + export.evals.size() + " eval objects",
                    "give the export of one eval: GET /v1/evals/ID, its runs and their output items");
        }
        ObjectNode eval = export.evals.getFirst();
        draft.name(eval.path("name").asString(eval.path("id").asString("openai-eval")));
        JsonNode template = template(export, draft);
        List<OpenAiCriteria.Criterion> criteria = OpenAiCriteria.read(eval.path("testing_criteria"), draft);
        if (criteria.isEmpty()) {
            throw new SuiteException(files.source(), 0, "none of the testing criteria can be kept",
                    "string_check and text_similarity can; a judge needs a Pareto suite of its own");
        }
        int number = 0;
        for (SourceFiles.Row row : export.rows.values()) {
            number++;
            ArrayNode messages = add(row, number, template, criteria, draft);
            if (messages != null) {
                answers(export, row.value(), messages, draft);
            }
        }
    }

    private static List<Path> sources(SourceFiles files, ImportOptions options) throws IOException {
        List<Path> sources = new ArrayList<>();
        if (Files.isDirectory(files.source())) {
            try (Stream<Path> entries = Files.walk(files.source(), 4)) {
                entries.filter(Files::isRegularFile)
                        .filter(file -> List.of("json", "jsonl").contains(SourceFiles.extension(file)))
                        .sorted()
                        .forEach(sources::add);
            }
        } else {
            sources.add(files.source());
        }
        if (options.data() != null) {
            sources.add(options.data());
        }
        return sources;
    }

    /** The prompt of the newest run; without one the rows must carry their messages. */
    private static JsonNode template(Export export, Draft draft) {
        List<ObjectNode> runs = export.runs.stream()
                .filter(run -> run.at("/data_source/input_messages/template").isArray())
                .sorted((a, b) -> Long.compare(b.path("created_at").asLong(0), a.path("created_at").asLong(0)))
                .toList();
        if (runs.isEmpty()) {
            return JsonMapper.shared().createArrayNode();
        }
        JsonNode newest = runs.getFirst().at("/data_source/input_messages/template");
        for (ObjectNode run : runs) {
            if (!run.at("/data_source/input_messages/template").equals(newest)) {
                draft.drop("run " + run.path("id").asString("?"), "its prompt",
                        "a suite has one prompt, and that of run " + runs.getFirst().path("id").asString("?")
                                + " is newer");
            }
        }
        JsonNode sampling = runs.getFirst().at("/data_source/sampling_params");
        for (String key : sampling.propertyNames()) {
            JsonNode value = sampling.get(key);
            String ours = switch (key) {
                case "temperature", "top_p", "seed" -> key;
                case "max_completion_tokens", "max_completions_tokens" -> "max_tokens";
                default -> null;
            };
            if (ours != null && value.isNumber()) {
                draft.sampling(ours, value);
            } else if (!value.isNull()) {
                draft.drop("run " + runs.getFirst().path("id").asString("?"), "sampling_params." + key + ": " + value,
                        "Pareto's suites have no such setting");
            }
        }
        return newest;
    }

    private static @Nullable ArrayNode add(SourceFiles.Row row, int number, JsonNode template,
            List<OpenAiCriteria.Criterion> criteria, Draft draft) {
        ObjectNode values = JsonMapper.shared().createObjectNode();
        values.set("item", row.value());
        ArrayNode messages = JsonMapper.shared().createArrayNode();
        try {
            for (JsonNode message : template.isEmpty() ? chat(row.value()) : template) {
                messages.addObject()
                        .put("role", message.path("role").asString("user").replace("developer", "system"))
                        .put("content", template.isEmpty()
                                ? Specs.text(message.path("content"))
                                : Template.mustache(text(message.path("content"))).render(values));
            }
            OpenAiCriteria.Applied applied = OpenAiCriteria.apply(row.where(), criteria, values, draft);
            if (applied.graders().isEmpty()) {
                draft.drop(row.where(), "the whole row", "no criterion is left that says whether an answer is right");
                return null;
            }
            JsonNode id = row.value().path("id");
            draft.item(row.where(), id.isValueNode() && !id.isNull() ? id.asString() : "row-" + number, messages,
                    applied.expected(), applied.graders(), Specs.nothing());
            return messages;
        } catch (IllegalArgumentException e) {
            draft.drop(row.where(), "the whole row", String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static String text(JsonNode content) {
        if (content.isObject() && !content.path("type").asString("").endsWith("_text")) {
            throw new IllegalArgumentException("the prompt holds " + content.path("type").asString("?")
                    + ", and only texts are read");
        }
        return content.isObject() ? content.path("text").asString("") : Specs.text(content);
    }

    private static JsonNode chat(ObjectNode item) {
        for (String key : List.of("messages", "input", "input_messages", "input_trajectory")) {
            JsonNode chat = item.path(key);
            if (chat.isArray() && !chat.isEmpty() && chat.get(0).has("role")) {
                return chat;
            }
            if (chat.isString()) {
                return Specs.user(chat.asString());
            }
        }
        throw new IllegalArgumentException("no run tells the prompt, and the row has no 'messages' or 'input'");
    }

    private static void answers(Export export, ObjectNode item, ArrayNode messages, Draft draft) {
        for (ObjectNode output : export.outputs) {
            JsonNode sample = output.path("sample");
            JsonNode text = sample.path("output").path(0).path("content");
            if (output.path("datasource_item").equals(item) && text.isString()) {
                JsonNode usage = sample.path("usage");
                draft.answer(sample.path("model").asString("unknown"), messages, text.asString(),
                        tokens(usage.path("completion_tokens")), tokens(usage.path("prompt_tokens")), null);
            }
        }
    }

    private static @Nullable Long tokens(JsonNode count) {
        return count.isNumber() ? (Long) count.asLong() : null;
    }
}
