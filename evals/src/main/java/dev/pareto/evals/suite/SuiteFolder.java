package dev.pareto.evals.suite;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Writes a suite's folder whole or not at all: beside its place first, read back, then moved. */
public final class SuiteFolder {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .disable(YAMLWriteFeature.SPLIT_LINES)
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();

    private SuiteFolder() {}

    /** A tree as a person would write it in suite.yaml. */
    public static String yaml(JsonNode suite) {
        return YAML.writeValueAsString(suite);
    }

    /**
     * Writes a new suite.
     *
     * @param folder absent or empty
     * @param files contents by name, among them suite.yaml and its items
     * @return the suite, as read back
     * @throws SuiteException when the folder is taken, or the files are no suite
     */
    public static Suite write(Path folder, Map<String, String> files) throws IOException, SuiteException {
        Path target = folder.toAbsolutePath().normalize();
        if (Files.exists(target) && (!Files.isDirectory(target) || !empty(target))) {
            throw new SuiteException(folder, 0, "there is something already", "name a new folder");
        }
        Path parent = requireNonNull(target.getParent(), "a folder has a parent");
        Files.createDirectories(parent);
        Path draft = Files.createTempDirectory(parent, ".suite-");
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(draft.resolve(file.getKey()), file.getValue());
            }
            Suite suite = new SuiteReader().read(draft);
            Files.deleteIfExists(target);
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
            return suite;
        } finally {
            if (Files.exists(draft)) {
                for (String file : files.keySet()) {
                    Files.deleteIfExists(draft.resolve(file));
                }
                Files.delete(draft);
            }
        }
    }

    private static boolean empty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }
}
