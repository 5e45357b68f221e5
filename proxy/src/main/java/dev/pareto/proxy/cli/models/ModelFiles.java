package dev.pareto.proxy.cli.models;

import dev.pareto.engine.EmbeddedModels;
import dev.pareto.engine.ModelDirectory;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The models of this machine: the one on board and the GGUF files of the models folder. */
final class ModelFiles {

    @Option(names = "--models-dir", defaultValue = "${env:PARETO_HOME:-.}/models",
            description = "the folder of GGUF files (default: ${DEFAULT-VALUE})")
    private Path folder;

    @Option(names = "--data", defaultValue = "${env:PARETO_HOME:-.}/data",
            description = "where the model on board is unpacked (default: ${DEFAULT-VALUE})")
    private Path data;

    /** Files by name, sorted. */
    Map<String, Path> all() throws IOException {
        var all = new TreeMap<>(new ModelDirectory(folder).models());
        var embedded = new EmbeddedModels(data.resolve("models"));
        if (embedded.contains(EmbeddedModels.SUPPORT_DESK)) {
            all.putIfAbsent(EmbeddedModels.SUPPORT_DESK, embedded.extract(EmbeddedModels.SUPPORT_DESK));
        }
        return all;
    }

    /** A catalogue name ({@code local/NAME} or {@code NAME}) or the path of a GGUF file. */
    Path find(String model) throws IOException {
        Path path = path(model);
        if (path != null && Files.isRegularFile(path)) {
            return path;
        }
        String name = model.startsWith("local/") ? model.substring("local/".length()) : model;
        Path found = all().get(name);
        if (found == null) {
            throw new UsageException("there is no model " + model + " on this machine; known are " + all().keySet()
                    + ", and a path to a GGUF file works, too");
        }
        return found;
    }

    private static @Nullable Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException _) {
            return null;
        }
    }
}
