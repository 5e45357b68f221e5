package dev.pareto.evals.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.grade.tools.ToolDefinition;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a suite folder or a suite file. Unknown keys are refused; keys of the format that this version cannot
 * honour are refused by name, because a setting that is silently ignored is worse than an error. Stateless.
 */
public final class SuiteReader {

    private static final Set<String> KEYS = Set.of("suite", "description", "license", "source", "route", "items",
            "prompt", "sampling", "graders", "decision", "rollout", "rollback");
    private static final Set<String> SAMPLING = Set.of("temperature", "max_tokens", "top_p", "seed", "stop",
            "samples", "tools");
    private static final int MAX_PROMPT_BYTES = 256 << 10;

    private final boolean calibrated;

    /** Reads suites as a run needs them. */
    public SuiteReader() {
        this(true);
    }

    private SuiteReader(boolean calibrated) {
        this.calibrated = calibrated;
    }

    /** Reads suites whose judges are yet to be calibrated: calibrations that they name need not be there. Such a suite is not to be run. */
    public static SuiteReader uncalibrated() {
        return new SuiteReader(false);
    }

    /** Reads {@code path/suite.yaml}, or {@code path} itself when it is a file. */
    public Suite read(Path path) throws IOException, SuiteException {
        Path file = Files.isDirectory(path) ? path.resolve("suite.yaml") : path;
        if (!Files.isRegularFile(file)) {
            throw new SuiteException(file, 0, "there is no such file",
                    "name a folder that holds suite.yaml, or a suite file");
        }
        YamlDocument yaml = YamlDocument.read(file);
        Section top = new Section(yaml, "");
        top.allow(KEYS, Map.of());
        GraderReader graderReader = new GraderReader(top, calibrated);
        List<SuiteGrader> graders = graderReader.read();
        Map<String, Object> sampling = sampling(top, graderReader.files());
        RolloutPlan rollout = new RolloutReader(top).read();
        for (String forPeople : List.of("license", "source")) {
            top.optionalText(forPeople);
        }
        Section promptBlock = top.section("prompt");
        promptBlock.allow(Set.of("system", "template"), Map.of());
        String system = promptText(promptBlock, "system", file);
        String template = promptText(promptBlock, "template", file);
        Prompt prompt = new Prompt(system, template == null ? null : template(promptBlock, template));
        Path itemsFile = sibling(file, top.text("items", "items.jsonl"), top, "items");
        MessageDigest digest = CanonicalJson.digest();
        digest.update(CanonicalJson.text(yaml.root()).getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
        for (String hash : graderReader.files().hashes().values()) {
            digest.update(hash.getBytes(StandardCharsets.UTF_8));
        }
        if (system != null) {
            digest.update(CanonicalJson.sha256(system).getBytes(StandardCharsets.UTF_8));
        }
        if (template != null) {
            digest.update(("template " + CanonicalJson.sha256(template)).getBytes(StandardCharsets.UTF_8));
        }
        ItemReader.Items read = new ItemReader(graders, prompt, groupKey(top), digest).read(itemsFile);
        DecisionPlan decision = new DecisionReader(top, graders, read.items()).read();
        return new Suite(top.requiredName("suite"), HexFormat.of().formatHex(digest.digest()),
                top.optionalText("description"), top.optionalText("route"), sampling, read.graders(), decision,
                read.items(), rollout);
    }

    /**
     * One grader by itself, as an entry of {@code graders} would be read.
     *
     * @param file named in errors
     * @throws SuiteException when this version has no such grader
     */
    public static SuiteGrader grader(Path file, JsonNode entry) throws SuiteException {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.putArray("graders").add(entry);
        return new GraderReader(new Section(YamlDocument.of(file, root), ""), true).read().getFirst();
    }

    /** The variable that tells an item's group, where {@code decision.grouping.key} names one. */
    private static ItemReader.@Nullable GroupKey groupKey(Section top) throws SuiteException {
        Section grouping = top.section("decision").section("grouping");
        grouping.allow(DecisionReader.GROUPING, Map.of());
        String kind = grouping.text("kind", "none");
        String key = grouping.optionalText("key");
        if (key == null) {
            return null;
        }
        if (key.isEmpty() || (!kind.equals("cluster") && !kind.equals("stratum"))) {
            throw grouping.error("key", "grouping by '" + key + "' without a kind",
                    "add kind: cluster or kind: stratum");
        }
        return new ItemReader.GroupKey(kind, key);
    }

    private static Map<String, Object> sampling(Section top, GraderFiles files) throws SuiteException {
        Map<String, Object> sampling = new TreeMap<>();
        Section section = top.section("sampling");
        section.allow(SAMPLING, Map.of());
        for (String key : section.keys()) {
            switch (key) {
                case "samples" -> {
                    if (section.integer(key, 1) != 1) {
                        throw section.error(key, "more than one sample per item is not supported yet",
                                "write samples: 1");
                    }
                }
                case "seed" -> sampling.put(key, section.integer(key, 0));
                case "max_tokens" -> {
                    int tokens = section.integer(key, 0);
                    require(tokens >= 1, section, key, "write 1 or more");
                    sampling.put(key, tokens);
                }
                case "stop" -> sampling.put(key, section.texts(key));
                case "tools" -> sampling.put(key, tools(section, files));
                default -> {
                    double number = section.number(key, 0);
                    boolean fits = key.equals("temperature") ? number >= 0 : number > 0 && number <= 1;
                    require(fits, section, key, key.equals("temperature") ? "write 0 or more" : "write 0.9, at most 1");
                    sampling.put(key, number);
                }
            }
        }
        return sampling;
    }

    /** What every question offers the model, in the OpenAI dialect. */
    private static Object tools(Section sampling, GraderFiles files) throws SuiteException {
        JsonNode tools = files.json(sampling, "tools");
        try {
            if (tools.isArray() && !ToolDefinition.read(tools).isEmpty()) {
                return JsonMapper.shared().convertValue(tools, Object.class);
            }
        } catch (IllegalArgumentException e) {
            throw sampling.error("tools", String.valueOf(e.getMessage()), "give each function a name");
        }
        throw sampling.error("tools", "'tools' is no list of functions",
                "write [{type: function, function: {name: …, parameters: …}}], or name a file that holds it");
    }

    private static void require(boolean fits, Section section, String key, String remedy) throws SuiteException {
        if (!fits) {
            throw section.error(key, "'" + key + "' is out of range", remedy);
        }
    }

    private static @Nullable String promptText(Section prompt, String key, Path file)
            throws SuiteException, IOException {
        String name = prompt.optionalText(key);
        if (name == null) {
            return null;
        }
        Path text = sibling(file, name, prompt, key);
        if (Files.size(text) > MAX_PROMPT_BYTES) {
            throw prompt.error(key, "'" + name + "' is larger than 256 KiB", "shorten it");
        }
        return Files.readString(text);
    }

    private static Template template(Section prompt, String text) throws SuiteException {
        try {
            return Template.mustache(text);
        } catch (IllegalArgumentException e) {
            throw prompt.error("template", String.valueOf(e.getMessage()),
                    "a template has variables and nothing else, e.g. {{question}}");
        }
    }

    /** A file beside or below the suite file; nothing outside its folder. */
    private static Path sibling(Path suite, String name, Section section, String key) throws SuiteException {
        Path folder = suite.toAbsolutePath().normalize().getParent();
        Path file = folder == null ? Path.of(name) : folder.resolve(name).normalize();
        if (folder == null || !file.startsWith(folder) || !Files.isRegularFile(file)) {
            throw section.error(key, "'" + name + "' is not a file in the suite's folder",
                    "put the file beside the suite and name it relative to it");
        }
        return file;
    }
}
