package dev.pareto.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A folder of models. Its GGUF files are the models, named as the files are without {@code .gguf}; sub-folders are not
 * looked into.
 *
 * @param path need not exist: a missing folder has no models
 */
public record ModelDirectory(Path path) {

    private static final String SUFFIX = ".gguf";

    /** The models that are there now, by name. */
    public SortedMap<String, Path> models() throws IOException {
        var found = new TreeMap<String, Path>();
        if (Files.isDirectory(path)) {
            try (var files = Files.newDirectoryStream(path, "*" + SUFFIX)) {
                for (var file : files) {
                    if (Files.isRegularFile(file)) {
                        found.put(nameOf(file), file);
                    }
                }
            }
        }
        return Collections.unmodifiableSortedMap(found);
    }

    /** The name of a model in a file. */
    static String nameOf(Path file) {
        var name = String.valueOf(file.getFileName());
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }
}
