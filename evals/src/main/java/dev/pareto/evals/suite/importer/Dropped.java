package dev.pareto.evals.suite.importer;

import static java.util.Objects.requireNonNull;

/**
 * Something of the source that the suite does not have.
 *
 * @param where file and place, e.g. {@code promptfooconfig.yaml tests[3].assert[0]}
 * @param what e.g. {@code javascript: output.length < 40}
 * @param why and what to do about it
 */
public record Dropped(String where, String what, String why) {

    private static final int LONGEST = 200;

    /** Shortens what is shown. */
    public Dropped {
        requireNonNull(where, "where is null");
        requireNonNull(why, "why is null");
        String line = what.strip().replaceAll("\\s+", " ");
        what = line.length() <= LONGEST ? line : line.substring(0, LONGEST - 3) + "...";
    }
}
