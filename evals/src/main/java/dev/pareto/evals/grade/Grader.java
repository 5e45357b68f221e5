package dev.pareto.evals.grade;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** Judges an answer against an item's key. Implementations are immutable, deterministic and bounded in time. */
public sealed interface Grader
        permits TextMatch, Contains, PatternMatch, LabelMatch, JsonFields, NumberMatch, JsonValid, ReasonedAnswer {

    /** Longest answer that is read; a longer one is a format failure. */
    int MAX_ANSWER_CHARS = 1 << 20;

    /**
     * Grades one answer.
     *
     * @param expected the item's key; for graders that need none it may be null
     */
    Grade grade(String answer, @Nullable JsonNode expected);

    /** Why this grader cannot work with the key, for an error before anything is spent; null when it can. */
    @Nullable
    String problemWith(@Nullable JsonNode expected);

    /** Grades one answer unless it is too long to be one. */
    static Grade apply(Grader grader, String answer, @Nullable JsonNode expected) {
        if (answer.length() > MAX_ANSWER_CHARS) {
            return Grade.unreadable("the answer has " + answer.length() + " characters, more than "
                    + MAX_ANSWER_CHARS);
        }
        return grader.grade(answer, expected);
    }
}
