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

/**
 * Reads a suite folder or a suite file. Unknown keys are refused; keys of the format that this version cannot
 * honour are refused by name, because a setting that is silently ignored is worse than an error. Stateless.
 */
public final class SuiteReader {

    private static final Set<String> KEYS = Set.of("suite", "description", "license", "source", "route", "items",
            "prompt", "sampling", "graders", "decision");
    private static final Map<String, String> LATER = Map.of("rollout", "write the swap's ramp in pareto.yaml",
            "rollback", "write the swap's guards in pareto.yaml");
    private static final Set<String> SAMPLING = Set.of("temperature", "max_tokens", "top_p", "seed", "stop",
            "samples", "tools");
    private static final int MAX_PROMPT_BYTES = 256 << 10;

    /** Reads {@code path/suite.yaml}, or {@code path} itself when it is a file. */
    public Suite read(Path path) throws IOException, SuiteException {
        Path file = Files.isDirectory(path) ? path.resolve("suite.yaml") : path;
        if (!Files.isRegularFile(file)) {
            throw new SuiteException(file, 0, "there is no such file",
                    "name a folder that holds suite.yaml, or a suite file");
        }
        YamlDocument yaml = YamlDocument.read(file);
        Section top = new Section(yaml, "");
        top.allow(KEYS, LATER);
        GraderReader graderReader = new GraderReader(top);
        List<SuiteGrader> graders = graderReader.read();
        Map<String, Object> sampling = sampling(top, graderReader.files());
        String system = system(top, file);
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
        ItemReader.Items read = new ItemReader(graders, system, digest).read(itemsFile);
        DecisionPlan decision = new DecisionReader(top, graders, read.items()).read();
        return new Suite(top.requiredName("suite"), HexFormat.of().formatHex(digest.digest()),
                top.optionalText("description"), top.optionalText("route"), sampling, read.graders(), decision,
                read.items());
    }

    private static Map<String, Object> sampling(Section top, GraderFiles files) throws SuiteException {
        Map<String, Object> sampling = new TreeMap<>();
        Section section = top.section("sampling");
        section.allow(SAMPLING, Map.of());
        for (String key : section.keys()) {
            JsonNode value = section.required(key);
            switch (key) {
                case "samples" -> {
                    if (section.integer(key, 1) != 1) {
                        throw section.error(key, "more than one sample per item is not supported yet",
                                "write samples: 1");
                    }
                }
                case "max_tokens", "seed" -> sampling.put(key, section.integer(key, 0));
                case "stop" -> sampling.put(key, section.texts(key));
                case "tools" -> sampling.put(key, tools(section, files));
                default -> sampling.put(key, section.number(key, 0));
            }
            if (value.isNull()) {
                throw section.error(key, "'" + key + "' has no value", "give it one or remove it");
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

    private static @Nullable String system(Section top, Path file) throws SuiteException, IOException {
        Section prompt = top.section("prompt");
        prompt.allow(Set.of("system"),
                Map.of("template", "write the finished messages into the items"));
        String name = prompt.optionalText("system");
        if (name == null) {
            return null;
        }
        Path text = sibling(file, name, prompt, "system");
        if (Files.size(text) > MAX_PROMPT_BYTES) {
            throw prompt.error("system", "the system prompt is larger than 256 KiB", "shorten it");
        }
        return Files.readString(text);
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
