package dev.pareto.evals.suite.importer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import dev.pareto.evals.suite.SuiteException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An eval of the open registry (github.com/openai/evals, docs/build-eval.md): YAML of names, classes and arguments, and
 * samples as JSONL {@code {"input": chat or text, "ideal": text or list}}. The basic classes are kept.
 */
final class OpenAiRegistry implements Importer {

    private record Eval(String name, ObjectNode definition) {}

    @Override
    public void read(SourceFiles files, ImportOptions options, Draft draft) throws IOException, SuiteException {
        Path file = files.source();
        if (Files.isDirectory(file)) {
            throw new SuiteException(file, 0, "this is a folder", "name one YAML file of registry/evals");
        }
        Eval eval = eval(file, files.tree(file), options, draft, files.name(file));
        draft.name(eval.name());
        draft.describe(eval.definition().path("description").asString(""));
        JsonNode args = eval.definition().path("args");
        for (String key : args.propertyNames()) {
            if (!List.of("samples_jsonl", "ignore_case").contains(key)) {
                draft.drop(eval.name() + ".args", key + ": " + args.get(key), "Pareto has nothing of the kind");
            }
        }
        ObjectNode spec = spec(file, eval);
        if (eval.definition().path("class").asString("").endsWith(":FuzzyMatch")) {
            draft.drop(eval.name(), "FuzzyMatch",
                    "an answer that is only a part of the ideal no longer counts as right");
        }
        int number = 0;
        for (SourceFiles.Row row : files.rows(samples(file, args, options))) {
            number++;
            ArrayNode messages = messages(row.value().path("input"));
            if (messages == null) {
                draft.drop(row.where(), "the whole sample", "'input' is neither a text nor a chat");
                continue;
            }
            add(row, number, messages, spec, draft);
        }
    }

    private static void add(SourceFiles.Row row, int number, ArrayNode messages, ObjectNode spec, Draft draft) {
        JsonNode ideal = row.value().path("ideal");
        List<JsonNode> ideals = ideal.isArray() ? List.copyOf(ideal.values()) : List.of(ideal);
        ObjectNode own = spec;
        JsonNode expected = ideals.isEmpty() ? ideal : ideals.getFirst();
        if (spec.path("type").asString("").equals("contains_any")) {
            expected = ideal;
        } else if (ideals.size() > 1) {
            List<String> quoted = new ArrayList<>();
            ideals.forEach(one -> quoted.add(Pattern.quote(one.asString("").strip())));
            own = Specs.regex("\\A\\s*(?:" + String.join("|", quoted) + ")");
        }
        String id = draft.grader(row.where(), spec.path("type").asString("match"), own);
        if (id != null) {
            draft.item(row.where(), "sample-" + number, messages, expected.isMissingNode() ? null : expected,
                    List.of(id),
                    Specs.nothing());
        }
    }

    /** The wanted entry with a class: by name, else the only one. */
    private static Eval eval(Path file, JsonNode registry, ImportOptions options, Draft draft, String where)
            throws SuiteException {
        List<Eval> evals = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : registry.properties()) {
            if (entry.getValue() instanceof ObjectNode object && object.has("class")) {
                evals.add(new Eval(entry.getKey(), object));
            }
        }
        String wanted = options.name() == null
                ? null
                : registry.path(options.name()).path("id").asString(options.name());
        for (Eval eval : evals) {
            if (evals.size() == 1 || eval.name().equals(wanted)) {
                evals.stream()
                        .filter(other -> !other.name().equals(eval.name()))
                        .forEach(other -> draft.drop(where, other.name(),
                                "a suite is one eval; import it by itself with --name " + other.name()));
                return eval;
            }
        }
        throw new SuiteException(file, 0,
                evals.isEmpty() ? "no entry has a class" : "there are " + evals.size() + " evals",
                "name one with --name: " + evals.stream().map(Eval::name).toList());
    }

    /** evals.elsuite.basic: what each class calls right. */
    private static ObjectNode spec(Path file, Eval eval) throws SuiteException {
        String type = eval.definition().path("class").asString("");
        boolean ignoreCase = eval.definition().path("args").path("ignore_case").asBoolean(false);
        return switch (type.substring(type.lastIndexOf(':') + 1)) {
            case "Match" -> Specs.spec("starts_with");
            case "Includes" -> Specs.values("contains_any", List.of(), ignoreCase);
            case "FuzzyMatch" -> Specs.values("contains_any", List.of(), true);
            case "JsonMatch" -> Specs.spec("json_diff");
            case "ModelBasedClassify" -> throw new SuiteException(file, 0, "class '" + type + "' judges by a model",
                    PromptfooAsserts.NEEDS_A_JUDGE);
            default -> throw new SuiteException(file, 0, "class '" + type + "' is a program",
                    "Match, Includes, FuzzyMatch and JsonMatch can be read");
        };
    }

    /** The samples, as given with --data, beside the YAML, or where the registry keeps them. */
    private static Path samples(Path file, JsonNode args, ImportOptions options)
            throws SuiteException {
        Path data = options.data();
        if (data != null) {
            return data;
        }
        String name = args.path("samples_jsonl").asString("");
        Path registry = file.toAbsolutePath().normalize().getParent();
        for (Path folder : registry == null
                ? List.<Path>of()
                : List.of(registry, registry.resolve("../data").normalize())) {
            Path samples = folder.resolve(name).normalize();
            if (!name.isEmpty() && samples.startsWith(folder) && Files.isRegularFile(samples)) {
                return samples;
            }
        }
        throw new SuiteException(file, 0, "the samples '" + name + "' are not beside the file nor in ../data",
                "name them with --data (Git LFS may have left a pointer)");
    }

    private static @Nullable ArrayNode messages(JsonNode input) {
        if (input.isString()) {
            return Specs.user(input.asString());
        }
        if (!input.isArray() || input.isEmpty() || !input.get(0).has("role")) {
            return null;
        }
        ArrayNode messages = JsonMapper.shared().createArrayNode();
        for (JsonNode message : input) {
            ObjectNode plain = messages.addObject();
            plain.put("role", message.path("role").asString("user"));
            if (message.path("name").isString()) {
                plain.set("name", message.get("name"));
            }
            plain.put("content", Specs.text(message.path("content")));
        }
        return messages;
    }
}
