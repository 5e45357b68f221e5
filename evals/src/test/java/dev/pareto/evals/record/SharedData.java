package dev.pareto.evals.record;

import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/** The published outputs, which lie in the folder {@code shared} beside the repository on machines that have them. */
public final class SharedData {

    private SharedData() {}

    /** A path below it; null where there is none. */
    public static @Nullable Path path(String name) {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(".mvn"))) {
                Path path = folder.resolveSibling("shared").resolve(name);
                return Files.exists(path) ? path : null;
            }
        }
        return null;
    }
}
