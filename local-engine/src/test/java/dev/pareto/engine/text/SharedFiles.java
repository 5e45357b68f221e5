package dev.pareto.engine.text;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;

/** Reference files that are not part of the repository; tests that need them are skipped where they are missing. */
public final class SharedFiles {

    private SharedFiles() {}

    /** The file or folder below the folder {@code shared} that lies beside the repository. */
    public static Path require(String relative) {
        Path root = Path.of("").toAbsolutePath();
        while (root != null && !Files.isDirectory(root.resolve(".mvn"))) {
            root = root.getParent();
        }
        Path beside = root == null || root.getParent() == null ? Path.of("shared") : root.resolveSibling("shared");
        // A git worktree lies one level deeper than the repository.
        Path shared = Files.isDirectory(beside) || beside.getParent() == null || beside.getParent().getParent() == null
                ? beside
                : beside.getParent().resolveSibling("shared");
        Path file = shared.resolve(relative);
        assumeThat(file).as("reference file; clone the reference folder beside the repository to run this test")
                .exists();
        return file;
    }
}
