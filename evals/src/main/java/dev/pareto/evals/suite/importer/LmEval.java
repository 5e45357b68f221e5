package dev.pareto.evals.suite.importer;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.Template;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A task of lm-evaluation-harness (docs/task_guide.md), as far as it is data: {@code generate_until}, templates of plain
 * variables, the filters {@code regex} and {@code take_first}, the metric {@code exact_match}. Its rows come from local files.
 */
final class LmEval implements Importer {

    private static final Set<String> READ = Set.of("task", "task_alias", "tag", "include", "dataset_path",
            "dataset_name",
            "dataset_kwargs", "output_type", "doc_to_text", "doc_to_target", "description", "filter_list",
            "metric_list",
            "generation_kwargs", "num_fewshot", "fewshot_config", "fewshot_delimiter", "target_delimiter", "test_split",
            "validation_split", "training_split", "fewshot_split", "metadata", "should_decontaminate",
            "doc_to_decontamination_query", "repeats", "group");
    private static final int MAX_INCLUDES = 8;

    @Override
    public void read(SourceFiles files, ImportOptions options, Draft draft) throws IOException, SuiteException {
        Path file = files.source();
        ObjectNode task = task(files, file, 0);
        String where = files.name(file);
        requireData(file, task);
        draft.name(task.path("task").asString("lm-eval"));
        for (String key : task.propertyNames()) {
            if (!READ.contains(key)) {
                draft.drop(where, key + ": " + task.get(key), key.equals("process_docs")
                        ? "it is a program; give rows that went through it with --data"
                        : "Pareto has nothing of the kind");
            }
        }
        if (task.path("repeats").asInt(1) > 1) {
            draft.drop(where, "repeats: " + task.get("repeats"), "each item is asked once");
        }
        sampling(where, task.path("generation_kwargs"), draft);
        List<SourceFiles.Row> rows = files.rows(data(files, file, task, options));
        LmEvalScore score = LmEvalScore.read(where, task, options.grader(), draft);
        String shots = shots(where, file, task, rows, draft);
        Template text = template(file, task, "doc_to_text", rows);
        Template target = template(file, task, "doc_to_target", rows);
        Template description = template(file, "description", task.path("description").asString(""));
        List<String> keys = new ArrayList<>();
        for (SourceFiles.Row row : rows) {
            keys.add(rendered(row, target, draft));
        }
        ObjectNode spec = score.spec(keys.stream().filter(key -> !key.isEmpty()).map(score::plain).toList());
        for (int i = 0; i < rows.size(); i++) {
            SourceFiles.Row row = rows.get(i);
            String question = keys.get(i).isEmpty() ? "" : rendered(row, text, draft);
            if (question.isEmpty()) {
                continue;
            }
            String id = draft.grader(where, score.name(), spec);
            if (id != null) {
                String prompt = description.render(row.value()) + shots + question;
                draft.item(row.where(), "doc-" + (i + 1), Specs.user(prompt.strip()),
                        JsonMapper.shared().getNodeFactory().stringNode(score.plain(keys.get(i))), List.of(id),
                        Specs.nothing());
            }
        }
    }

    private static String rendered(SourceFiles.Row row, Template template, Draft draft) {
        try {
            String text = template.render(row.value()).strip();
            if (text.isEmpty()) {
                draft.drop(row.where(), "the whole row", "its text or its target is empty");
            }
            return text;
        } catch (IllegalArgumentException e) {
            draft.drop(row.where(), "the whole row", String.valueOf(e.getMessage()));
            return "";
        }
    }

    private static ObjectNode task(SourceFiles files, Path file, int depth) throws IOException, SuiteException {
        if (depth > MAX_INCLUDES || !(files.tree(file) instanceof ObjectNode task)) {
            throw new SuiteException(file, 0, "not a task, or includes without end", "name a task's YAML file");
        }
        if (!task.path("include").isString()) {
            return task;
        }
        ObjectNode whole = task(files, files.named(file, task.path("include").asString()), depth + 1).deepCopy();
        whole.setAll(task);
        return whole;
    }

    private static void requireData(Path file, ObjectNode task) throws SuiteException {
        String type = task.path("output_type").asString("generate_until");
        if (!type.equals("generate_until")) {
            throw new SuiteException(file, 0,
                    "output_type " + type + " scores log-likelihoods, which chat APIs do not give",
                    "use the task's generative variant (generate_until)");
        }
        for (String key : List.of("doc_to_text", "doc_to_target")) {
            if (task.path(key).isObject()) {
                throw new SuiteException(file, 0,
                        key + " is the program " + task.get(key).path("!function").asString("?"),
                        "write it as a template of variables");
            }
            if (!task.path(key).isValueNode()) {
                throw new SuiteException(file, 0, "no '" + key + "'", "name a task, not a group");
            }
        }
    }

    private static Path data(SourceFiles files, Path file, ObjectNode task, ImportOptions options)
            throws SuiteException {
        Path data = options.data();
        if (data != null) {
            return data;
        }
        JsonNode named = task.path("dataset_kwargs").path("data_files");
        for (String split : List.of("test_split", "validation_split", "training_split")) {
            JsonNode of = named.path(task.path(split).asString(""));
            named = named.isObject() && !of.isMissingNode() ? of : named;
        }
        if (named.isArray() && named.size() == 1) {
            named = named.get(0);
        }
        if (named.isString()) {
            return files.named(file, named.asString());
        }
        throw new SuiteException(file, 0, "the data set '" + task.path("dataset_path").asString("?") + "' is not here",
                "save the wanted split as JSONL and name it with --data");
    }

    private static void sampling(String where, JsonNode settings, Draft draft) {
        settings.properties().forEach(setting -> {
            JsonNode value = setting.getValue();
            switch (setting.getKey()) {
                case "until" -> {
                    List<JsonNode> stops = value.isArray() ? List.copyOf(value.values()) : List.of(value);
                    if (!stops.isEmpty()) {
                        draft.sampling("stop", JsonMapper.shared()
                                .createArrayNode()
                                .addAll(stops.subList(0, Math.min(4, stops.size()))));
                    }
                    stops.stream().skip(4).forEach(stop -> draft.drop(where, "until: " + stop, "an API takes four"));
                }
                case "max_gen_toks", "max_tokens" -> draft.sampling("max_tokens", value);
                case "temperature", "top_p" -> draft.sampling(setting.getKey(), value);
                case "do_sample" -> {
                    if (!value.asBoolean(false)) {
                        draft.sampling("temperature", JsonMapper.shared().getNodeFactory().numberNode(BigDecimal.ZERO));
                    }
                }
                default -> draft.drop(where, "generation_kwargs." + setting.getKey() + ": " + value,
                        "Pareto's suites have no such setting");
            }
        });
    }

    /** Examples that the file itself holds; those that the harness would draw are left out. */
    private static String shots(String where, Path file, ObjectNode task, List<SourceFiles.Row> rows, Draft draft)
            throws SuiteException {
        JsonNode samples = task.path("fewshot_config").path("samples");
        int wanted = task.path("num_fewshot").asInt(samples.size());
        if (!samples.isArray()) {
            if (wanted > 0) {
                draft.drop(where, "num_fewshot: " + wanted,
                        "the harness draws them from the data; the suite asks without");
            }
            return "";
        }
        StringBuilder shots = new StringBuilder();
        Template text = template(file, task, "doc_to_text", rows);
        Template target = template(file, task, "doc_to_target", rows);
        try {
            for (int i = 0; i < Math.min(wanted, samples.size()); i++) {
                shots.append(text.render(samples.get(i)))
                        .append(task.path("target_delimiter").asString(" "))
                        .append(target.render(samples.get(i)))
                        .append(task.path("fewshot_delimiter").asString("\n\n"));
            }
        } catch (IllegalArgumentException e) {
            draft.drop(where, "the few-shot samples", String.valueOf(e.getMessage()));
            return "";
        }
        return shots.toString();
    }

    /** A template, or the bare name of a column. */
    private static Template template(Path file, ObjectNode task, String key, List<SourceFiles.Row> rows)
            throws SuiteException {
        String text = task.path(key).asString();
        boolean column = !rows.isEmpty() && rows.getFirst().value().has(text);
        return template(file, key, column ? "{{" + text + "}}" : text);
    }

    private static Template template(Path file, String key, String text) throws SuiteException {
        try {
            return Template.jinja(text);
        } catch (IllegalArgumentException e) {
            throw new SuiteException(file, 0, key + ": " + e.getMessage(),
                    "write plain variables, or prepared rows with --data");
        }
    }
}
