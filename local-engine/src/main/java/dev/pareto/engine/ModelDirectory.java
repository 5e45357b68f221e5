package dev.pareto.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A folder of models. Its GGUF files are the models, named as the files are without {@code .gguf}. A model that is split
 * over several files is listed once, by its first file and without {@code -00001-of-0000N}. Sub-folders are not looked
 * into.
 *
 * @param path need not exist: a missing folder has no models
 */
public record ModelDirectory(Path path) {

    private static final String SUFFIX = ".gguf";
    private static final Pattern PART = Pattern.compile("(.+)-(\\d{5})-of-\\d{5}", Pattern.DOTALL);

    /** The models that are there now, by name. */
    public SortedMap<String, Path> models() throws IOException {
        var found = new TreeMap<String, Path>();
        if (Files.isDirectory(path)) {
            try (var files = Files.newDirectoryStream(path, "*" + SUFFIX)) {
                for (var file : files) {
                    if (Files.isRegularFile(file) && !isLaterPart(file)) {
                        found.merge(nameOf(file), file, ModelDirectory::whole);
                    }
                }
            }
        }
        return Collections.unmodifiableSortedMap(found);
    }

    /** The name of a model in a file. */
    static String nameOf(Path file) {
        var part = PART.matcher(stem(file));
        return part.matches() ? part.group(1) : stem(file);
    }

    private static boolean isLaterPart(Path file) {
        var part = PART.matcher(stem(file));
        return part.matches() && !"00001".equals(part.group(2));
    }

    /** Of a model that is there in one file and in parts, or in parts of two kinds, the shorter name: the one file. */
    private static Path whole(Path one, Path other) {
        return stem(one).length() < stem(other).length()
                || (stem(one).length() == stem(other).length() && one.compareTo(other) < 0) ? one : other;
    }

    private static String stem(Path file) {
        var name = String.valueOf(file.getFileName());
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }
}
