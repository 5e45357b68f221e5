package dev.pareto.evals.suite.importer;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

/**
 * What a source does not say of itself.
 *
 * @param name of the suite; null takes the source's
 * @param data the rows, where the source names a data set that lies elsewhere
 * @param prompt which of several prompts, 1-based
 * @param grader how answers are compared, where the source leaves it to a program; null for the format's usual way
 */
public record ImportOptions(@Nullable String name, @Nullable Path data, int prompt, @Nullable ObjectNode grader) {

    /** Nothing stated. */
    public static final ImportOptions NONE = new ImportOptions(null, null, 1, null);

    /** Checks the number. */
    public ImportOptions {
        if (prompt < 1) {
            throw new IllegalArgumentException("prompts are counted from 1");
        }
    }
}
