package dev.pareto.evals.grade;

import java.util.List;
import java.util.Set;

import dev.pareto.policies.catalog.ModelId;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** Judges an answer. Implementations are immutable and bounded in time and memory; all but judges are deterministic. */
public interface Grader {

    /** Longest answer that is read; a longer one is a format failure. */
    int MAX_ANSWER_CHARS = 1 << 20;

    /** Grades one answer. */
    Grade grade(Submission submission);

    /** Grades a text of which nothing else is known. */
    default Grade grade(String answer, @Nullable JsonNode expected) {
        return grade(Submission.of(answer, expected));
    }

    /** Why this grader cannot work with the item's key, for an error before anything is spent; null when it can. */
    @Nullable
    String problemWith(@Nullable JsonNode expected);

    /** This grader with every judge in it connected; graders that ask no model return themselves. */
    default Grader connected(JudgeClient client) {
        return this;
    }

    /** The models that it asks, of itself and of its parts; empty when it asks none. */
    default Set<ModelId> judges() {
        return Set.of();
    }

    /** Why grades of this grader may not decide a swap; empty when they may. Only judges need to prove themselves. */
    default List<String> gateProblems() {
        return List.of();
    }

    /** Grades one answer unless it is too long to be one. */
    static Grade apply(Grader grader, Submission submission) {
        int length = submission.text().length();
        return length > MAX_ANSWER_CHARS
                ? Grade.unreadable("the answer has " + length + " characters, more than " + MAX_ANSWER_CHARS)
                : grader.grade(submission);
    }

    /** Grades a text of which nothing else is known, unless it is too long. */
    static Grade apply(Grader grader, String answer, @Nullable JsonNode expected) {
        return apply(grader, Submission.of(answer, expected));
    }
}
