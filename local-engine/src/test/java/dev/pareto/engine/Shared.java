package dev.pareto.engine;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

import org.opentest4j.TestAbortedException;

/** Finds the folder of references that may lie beside the repository; tests that need it are skipped without it. */
public final class Shared {

    private Shared() {}

    /** A file or folder in the shared folder; skips the test if it is not there. */
    public static Path path(String relative) {
        Path root = Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
                .filter(folder -> Files.isDirectory(folder.resolve(".mvn")))
                .findFirst()
                .orElseThrow(() -> new TestAbortedException("no folder above holds .mvn"));
        Path found = root.resolveSibling("shared").resolve(relative);
        assumeThat(found).as("reference files beside the repository; without them this test says nothing").exists();
        return found;
    }
}
