package dev.pareto.evals.suite;

import static java.util.Objects.requireNonNull;

import dev.pareto.evals.grade.Grader;
import dev.pareto.evals.grade.JudgeClient;

/**
 * A grader with its place in a suite.
 *
 * @param id its name in items, guards and reports
 * @param primary whether it alone (with other primary ones) decides an item's score
 * @param guard whether it only guards, and never counts as quality
 * @param grader the rule
 */
public record SuiteGrader(String id, boolean primary, boolean guard, Grader grader) {

    /** A grader cannot be both. */
    public SuiteGrader {
        requireNonNull(id, "id is null");
        requireNonNull(grader, "grader is null");
        if (primary && guard) {
            throw new IllegalArgumentException("grader '" + id + "' is both primary and a guard");
        }
    }

    /** The same with its judges connected. */
    SuiteGrader connected(JudgeClient client) {
        return new SuiteGrader(id, primary, guard, grader.connected(client));
    }
}
