package dev.pareto.evals.suite.importer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

import dev.pareto.evals.suite.SuiteException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A log of Inspect: the samples as items, graded as its first known scorer does, and the answers as recordings. */
final class InspectLog {

    private static final int MAX_ENTRY_BYTES = 64 << 20;

    private final SourceFiles files;
    private final ImportOptions options;
    private final Draft draft;

    InspectLog(SourceFiles files, ImportOptions options, Draft draft) {
        this.files = files;
        this.options = options;
        this.draft = draft;
    }

    void read() throws IOException, SuiteException {
        Path file = files.source();
        JsonNode header;
        List<SourceFiles.Row> samples;
        if (SourceFiles.extension(file).equals("eval")) {
            List<SourceFiles.Row> entries = entries(file);
            header = entries.stream()
                    .filter(entry -> entry.where().endsWith("header.json"))
                    .findFirst()
                    .map(SourceFiles.Row::value)
                    .orElseThrow(() -> new SuiteException(file, 0, "the log has no header.json: its run did not end",
                            "let Inspect finish it, or retry it"));
            samples = entries.stream().filter(entry -> !entry.where().endsWith("header.json")).toList();
        } else {
            header = files.tree(file);
            samples = files.elements(file, header.path("samples"));
        }
        String task = header.path("eval").path("task").asString("inspect");
        draft.name(task.substring(task.lastIndexOf('/') + 1));
        String model = header.path("eval").path("model").asString("unknown");
        ObjectNode scorer = options.grader() != null ? options.grader() : scorer(files.name(file), header);
        if (header.path("plan").path("steps").size() > 1) {
            draft.drop(files.name(file), "plan.steps: " + names(header.path("plan").path("steps")),
                    "solvers are programs; the question is the sample's input");
        }
        int number = 0;
        for (SourceFiles.Row row : samples) {
            number++;
            ObjectNode sample = row.value();
            if (sample.path("epoch").asInt(1) > 1) {
                draft.drop(row.where(), "epoch " + sample.path("epoch").asInt(), "each item has one recorded answer");
                continue;
            }
            JsonNode choices = Inspect.choices(sample.path("choices"));
            ObjectNode spec = scorer != null ? scorer : choices.isEmpty() ? Inspect.includes() : Inspect.choice();
            ObjectNode asked = sample.deepCopy()
                    .retain(List.of("id", "input", "target", "choices", "metadata", "sandbox",
                            "setup"));
            ArrayNode messages = Inspect.add(row, number, asked, choices, spec, draft);
            String output = output(sample.path("output"));
            if (messages != null && output != null) {
                JsonNode usage = sample.path("output").path("usage");
                JsonNode seconds = sample.path("output").path("time");
                draft.answer(model, messages, output, tokens(usage.path("output_tokens")),
                        tokens(usage.path("input_tokens")),
                        seconds.isNumber() ? (Double) (seconds.doubleValue() * 1000) : null);
            }
        }
    }

    private static @Nullable String output(JsonNode output) {
        if (output.path("completion").isString()) {
            return output.path("completion").asString();
        }
        JsonNode content = output.path("choices").path(0).path("message").path("content");
        return content.isMissingNode() ? null : Specs.text(content);
    }

    private static @Nullable Long tokens(JsonNode count) {
        return count.isNumber() ? (Long) count.asLong() : null;
    }

    private static List<String> names(JsonNode steps) {
        List<String> names = new ArrayList<>();
        steps.forEach(step -> names.add(step.path("solver").asString("?")));
        return names;
    }

    /** The first scorer that a grader of ours equals; null for the usual way. */
    private @Nullable ObjectNode scorer(String where, JsonNode header) {
        ObjectNode chosen = null;
        JsonNode scorers = header.path("eval").path("scorers");
        for (JsonNode scorer : scorers.isArray() ? scorers : header.path("results").path("scores")) {
            String name = scorer.path("scorer").asString(scorer.path("name").asString(""));
            JsonNode settings = scorer.has("options") ? scorer.path("options") : scorer.path("params");
            ObjectNode spec = spec(name.substring(name.lastIndexOf('/') + 1), settings, where);
            if (spec != null && chosen == null) {
                chosen = spec;
            } else {
                draft.drop(where, "scorer " + name,
                        spec != null
                                ? "one scorer is kept"
                                : name.contains("model_graded")
                                        ? PromptfooAsserts.NEEDS_A_JUDGE
                                        : "no grader of Pareto says the same");
            }
        }
        return chosen;
    }

    private @Nullable ObjectNode spec(String scorer, JsonNode settings, String where) {
        return switch (scorer) {
            case "includes" -> Inspect.includes();
            case "match" -> {
                if (settings.path("numeric").asBoolean(false)) {
                    yield Specs.spec("number");
                }
                String location = settings.path("location").asString("end");
                if (location.equals("begin")) {
                    yield Specs.spec("starts_with");
                }
                if (!location.equals("any")) {
                    draft.drop(where, "scorer match, location: " + location, "the target counts wherever it stands");
                }
                yield Inspect.includes();
            }
            case "exact" -> Specs.spec("normalized");
            case "choice" -> Inspect.choice();
            case "answer" -> Specs.regex(settings.path("pattern").asString("").equals("line")
                    ? "(?i)ANSWER\\s*:\\s*([^\\n]+)"
                    : "(?i)ANSWER\\s*:\\s*(\\w+)");
            case "pattern" -> {
                String pattern = settings.path("pattern").asString("");
                yield pattern.isEmpty() ? null : Specs.regex(pattern);
            }
            case "f1" -> Specs.spec("token_f1");
            default -> null;
        };
    }

    /** {@code header.json} and {@code samples/*.json} of the archive, samples in their order. */
    private List<SourceFiles.Row> entries(Path file) throws IOException, SuiteException {
        List<SourceFiles.Row> rows = new ArrayList<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            List<? extends ZipEntry> entries = zip.stream()
                    .filter(entry -> entry.getName().equals("header.json") || entry.getName().startsWith("samples/"))
                    .sorted(Comparator.comparing(ZipEntry::getName))
                    .toList();
            if (entries.size() > SourceFiles.MAX_ROWS) {
                throw new SuiteException(file, 0, "more than " + SourceFiles.MAX_ROWS + " samples", "split the log");
            }
            long total = 0;
            for (ZipEntry entry : entries) {
                try (InputStream in = zip.getInputStream(entry)) {
                    byte[] bytes = in.readNBytes(MAX_ENTRY_BYTES + 1);
                    total += bytes.length;
                    if (bytes.length > MAX_ENTRY_BYTES || total > SourceFiles.MAX_BYTES) {
                        throw new SuiteException(file, 0,
                                "the log unpacks to more than " + (SourceFiles.MAX_BYTES >> 20)
                                        + " MiB",
                                "leave its events out: inspect log convert");
                    }
                    JsonNode json = SourceFiles.json(file, new String(bytes, StandardCharsets.UTF_8), 0);
                    if (json instanceof ObjectNode object) {
                        rows.add(new SourceFiles.Row(files.name(file) + "!" + entry.getName(), object));
                    }
                }
            }
        } catch (ZipException e) {
            throw new SuiteException(file, 0, "the archive cannot be read: " + e.getMessage(),
                    "newer logs use zstd; convert it: inspect log convert --to json");
        }
        return rows;
    }
}
