package dev.pareto.evals.suite.importer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.Template;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * promptfoo's configuration (promptfoo.dev/docs/configuration): one prompt, its tests, scenarios and default test. Variables
 * that are lists are unfolded as promptfoo unfolds them. Providers are left out: models are named when a suite is run.
 */
final class Promptfoo implements Importer {

    private static final int MAX_COMBINATIONS = 10_000;
    private static final Pattern PROGRAM = Pattern.compile("\\.(?:[cm]?[jt]s|py|rb|sh)(?::\\w+)?$");
    private static final Set<String> READ = Set.of("description", "prompts", "tests", "defaultTest", "scenarios",
            "assertionTemplates", "$schema", "tags");
    private static final Set<String> TEST = Set.of("description", "vars", "assert", "options", "metadata");

    /** A test with all that it inherits. */
    private record Case(String where, ObjectNode test) {}

    @Override
    public void read(SourceFiles files, ImportOptions options, Draft draft) throws IOException, SuiteException {
        Path file = Files.isDirectory(files.source()) ? config(files) : files.source();
        JsonNode config = files.tree(file);
        if (!config.has("prompts")) {
            throw new SuiteException(file, 0, "no 'prompts'", "name a promptfoo configuration");
        }
        draft.name(files.folder().getFileName() + "");
        String description = config.path("description").asString("");
        if (!description.isBlank()) {
            draft.name(description);
            draft.describe(description);
        }
        for (String key : config.propertyNames()) {
            if (!READ.contains(key)) {
                draft.drop(files.name(file), key + ": " + config.get(key),
                        key.equals("providers") || key.equals("targets")
                                ? "models are named when the suite is run"
                                : "Pareto has nothing of the kind");
            }
        }
        List<String> prompts = prompts(files, file, config.path("prompts"), draft);
        if (options.prompt() > prompts.size()) {
            throw new SuiteException(file, 0, "there are " + prompts.size() + " prompts that can be read",
                    "name one of them with --prompt");
        }
        for (int i = 1; i <= prompts.size(); i++) {
            if (i != options.prompt()) {
                draft.drop(files.name(file), "prompt " + i + ": " + prompts.get(i - 1),
                        "a suite has one prompt; import it by itself with --prompt " + i);
            }
        }
        String prompt = prompts.get(options.prompt() - 1);
        PromptfooAsserts asserts = new PromptfooAsserts(files, file, draft, config.path("assertionTemplates"));
        for (Case test : cases(files, file, config, draft)) {
            add(files, file, prompt, test, asserts, draft);
        }
    }

    private static Path config(SourceFiles files) throws SuiteException {
        for (String name : List.of("promptfooconfig.yaml", "promptfooconfig.yml", "promptfooconfig.json")) {
            Path file = files.source().resolve(name);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        throw new SuiteException(files.source(), 0, "no promptfooconfig.yaml in this folder", "name the file");
    }

    private static List<String> prompts(SourceFiles files, Path file, JsonNode node, Draft draft)
            throws IOException, SuiteException {
        List<String> prompts = new ArrayList<>();
        for (JsonNode entry : node.isArray() ? List.copyOf(node.values()) : List.of(node)) {
            String text = entry.isObject()
                    ? entry.path("raw").asString(entry.path("id").asString(entry.path("label").asString("")))
                    : entry.asString("");
            if (!text.startsWith("file://")) {
                prompts.add(text);
                continue;
            }
            if (PROGRAM.matcher(text).find()) {
                draft.drop(files.name(file), "prompt " + text, "it is a program, which a suite never runs");
                continue;
            }
            try {
                Path named = files.named(file, text);
                switch (SourceFiles.extension(named)) {
                    case "txt", "md" -> Arrays.stream(files.text(named).split("(?m)^---\\s*$"))
                            .map(String::strip)
                            .filter(part -> !part.isEmpty())
                            .forEach(prompts::add);
                    case "json", "yaml", "yml" -> prompts.add(files.tree(named).toString());
                    default ->
                        draft.drop(files.name(file), "prompt " + text, "only texts, JSON and YAML are read");
                }
            } catch (SuiteException e) {
                draft.drop(files.name(file), "prompt " + text, e.reason());
            }
        }
        if (prompts.isEmpty()) {
            throw new SuiteException(file, 0, "no prompt can be read",
                    "write the prompt's text into the configuration");
        }
        return prompts;
    }

    private List<Case> cases(SourceFiles files, Path file, JsonNode config, Draft draft)
            throws IOException, SuiteException {
        JsonNode general = config.path("defaultTest");
        if (general.isString()) {
            general = files.tree(files.named(file, general.asString()));
        }
        List<Case> cases = new ArrayList<>();
        for (Case test : tests(files, file, "tests", config.path("tests"), draft)) {
            cases.add(new Case(test.where(), merged(general, test.test())));
        }
        int number = 0;
        for (JsonNode scenario : config.path("scenarios")) {
            String where = "scenarios[" + number++ + "]";
            JsonNode read = scenario.isString() ? files.tree(files.named(file, scenario.asString())) : scenario;
            List<Case> tests = tests(files, file, where + ".tests", read.path("tests"), draft);
            for (Case set : tests(files, file, where + ".config", read.path("config"), draft)) {
                for (Case test : tests) {
                    cases.add(new Case(set.where() + " " + test.where(),
                            merged(merged(general, set.test()), test.test())));
                }
            }
        }
        List<Case> unfolded = new ArrayList<>();
        for (Case test : cases) {
            unfolded.addAll(unfolded(test, file));
        }
        return unfolded;
    }

    private static List<Case> tests(SourceFiles files, Path file, String key, JsonNode node, Draft draft)
            throws IOException, SuiteException {
        List<Case> cases = new ArrayList<>();
        int number = 0;
        for (JsonNode entry : node.isArray()
                ? List.copyOf(node.values())
                : node.isString() ? List.of(node) : List.<JsonNode>of()) {
            String where = files.name(file) + " " + key + "[" + number++ + "]";
            if (entry instanceof ObjectNode object) {
                cases.add(new Case(where, object));
                continue;
            }
            String name = entry.asString("");
            try {
                if (name.contains("://") && !name.startsWith("file://")) {
                    throw new SuiteException(file, 0, "'" + name + "' lies on the network",
                            "save it as CSV beside the source");
                }
                Path named = files.named(file, name);
                boolean csv = SourceFiles.extension(named).equals("csv");
                for (SourceFiles.Row row : files.rows(named)) {
                    cases.add(new Case(row.where(), csv ? PromptfooAsserts.ofCsv(row.value()) : row.value()));
                }
            } catch (SuiteException e) {
                draft.drop(where, name, e.reason());
            }
        }
        return cases;
    }

    /** What the test says wins; assertions add up. */
    private static ObjectNode merged(JsonNode general, ObjectNode test) {
        ObjectNode merged = JsonMapper.shared().createObjectNode();
        general.properties().forEach(entry -> merged.set(entry.getKey(), entry.getValue()));
        test.properties().forEach(entry -> {
            JsonNode inherited = merged.get(entry.getKey());
            if (inherited instanceof ObjectNode object && entry.getValue().isObject()) {
                ObjectNode both = object.deepCopy();
                entry.getValue().properties().forEach(own -> both.set(own.getKey(), own.getValue()));
                merged.set(entry.getKey(), both);
            } else if (inherited instanceof ArrayNode array && entry.getKey().equals("assert")) {
                merged.set("assert", array.deepCopy().addAll(List.copyOf(entry.getValue().values())));
            } else {
                merged.set(entry.getKey(), entry.getValue());
            }
        });
        return merged;
    }

    /** One case for each combination of the values of variables that are lists. */
    private static List<Case> unfolded(Case test, Path file) throws SuiteException {
        List<Case> cases = List.of(test);
        for (var entry : test.test().path("vars").properties()) {
            if (!entry.getValue().isArray()) {
                continue;
            }
            List<Case> more = new ArrayList<>();
            for (Case single : cases) {
                int number = 0;
                for (JsonNode value : entry.getValue()) {
                    ObjectNode copy = single.test().deepCopy();
                    ((ObjectNode) copy.get("vars")).set(entry.getKey(), value);
                    more.add(new Case(single.where() + " " + entry.getKey() + "[" + number++ + "]", copy));
                }
            }
            if (more.size() > MAX_COMBINATIONS) {
                throw new SuiteException(file, 0,
                        test.where() + " unfolds into more than " + MAX_COMBINATIONS + " cases",
                        "write fewer values");
            }
            cases = more;
        }
        return cases;
    }

    private static void add(SourceFiles files, Path file, String prompt, Case test, PromptfooAsserts asserts,
            Draft draft)
            throws IOException {
        for (String key : test.test().propertyNames()) {
            if (!TEST.contains(key)) {
                draft.drop(test.where(), key + ": " + test.test().get(key), "Pareto has nothing of the kind");
            }
        }
        ObjectNode vars = JsonMapper.shared().createObjectNode();
        ArrayNode messages;
        try {
            vars(files, file, test.test().path("vars"), vars);
            JsonNode options = test.test().path("options");
            messages = messages(options.path("prefix").asString("") + prompt + options.path("suffix").asString(""),
                    vars);
            for (String key : options.propertyNames()) {
                if (!key.equals("prefix") && !key.equals("suffix")) {
                    draft.drop(test.where(), "options." + key + ": " + options.get(key),
                            "answers are graded as they come");
                }
            }
        } catch (SuiteException e) {
            draft.drop(test.where(), "the whole test", e.reason());
            return;
        } catch (IllegalArgumentException e) {
            draft.drop(test.where(), "the whole test", String.valueOf(e.getMessage()));
            return;
        }
        PromptfooAsserts.Graded graded = asserts.read(test.where(), test.test().path("assert"), vars);
        if (graded.graders().isEmpty() || graded.hollow()) {
            draft.drop(test.where(), "the whole test", "no assertion is left that says what a right answer is");
            return;
        }
        ObjectNode more = JsonMapper.shared().createObjectNode();
        JsonNode category = test.test().path("metadata").path("category");
        if (category.isString()) {
            more.put("stratum", category.asString());
        }
        String description = test.test().path("description").asString("");
        draft.item(test.where(), description.isBlank() ? test.where().replaceAll("^\\S+ ", "") : description, messages,
                graded.expected(), graded.graders(), more);
    }

    /** Files are read, and templates within variables are filled once from the others, as promptfoo does. */
    private static void vars(SourceFiles files, Path file, JsonNode written, ObjectNode vars)
            throws IOException, SuiteException {
        var nodes = JsonMapper.shared().getNodeFactory();
        for (var entry : written.properties()) {
            String text = entry.getValue().isString() ? entry.getValue().asString() : "";
            vars.set(entry.getKey(), text.startsWith("file://")
                    ? nodes.stringNode(files.text(files.named(file, text)))
                    : entry.getValue());
        }
        for (var entry : written.properties()) {
            String text = entry.getValue().isString() ? entry.getValue().asString() : "";
            if (text.contains("{{") || text.contains("{%")) {
                vars.set(entry.getKey(), nodes.stringNode(Template.jinja(text).render(vars)));
            }
        }
    }

    /** A prompt is a text, or a chat as JSON whose texts have the places. */
    private static ArrayNode messages(String prompt, ObjectNode vars) {
        JsonNode chat = chat(prompt);
        if (chat == null) {
            return Specs.user(Template.jinja(prompt).render(vars));
        }
        ArrayNode messages = JsonMapper.shared().createArrayNode();
        for (JsonNode message : chat) {
            ObjectNode filled = messages.addObject();
            filled.put("role", message.path("role").asString("user"));
            filled.put("content", Template.jinja(Specs.text(message.path("content"))).render(vars));
        }
        return messages;
    }

    private static @Nullable JsonNode chat(String prompt) {
        if (!prompt.stripLeading().startsWith("[")) {
            return null;
        }
        try {
            JsonNode chat = JsonMapper.shared().readTree(prompt);
            return chat.isArray() && !chat.isEmpty() && chat.get(0).has("role") ? chat : null;
        } catch (JacksonException e) {
            return null;
        }
    }
}
