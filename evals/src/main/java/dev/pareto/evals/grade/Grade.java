package dev.pareto.evals.grade;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What one grader says of one answer.
 *
 * @param score 0 to 1; null when the grader itself failed, which is never a tie
 * @param pass whether the answer is good enough for this grader
 * @param formatFailure whether the answer did not even have the shape that the grader reads
 * @param reason short, for people
 * @param judgement what judges said; null when none was asked
 */
public record Grade(@Nullable Double score, boolean pass, boolean formatFailure, String reason,
        @Nullable Judgement judgement) {

    /** Checks the range of the score. */
    public Grade {
        requireNonNull(reason, "reason is null");
        if (score != null && !(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException("score " + score + " is not within 0 and 1");
        }
    }

    /** A grade that no judge had a part in. */
    public Grade(@Nullable Double score, boolean pass, boolean formatFailure, String reason) {
        this(score, pass, formatFailure, reason, null);
    }

    /** A right answer. */
    public static Grade right(String reason) {
        return new Grade(1.0, true, false, reason);
    }

    /** A wrong answer of the right shape. */
    public static Grade wrong(String reason) {
        return new Grade(0.0, false, false, reason);
    }

    /** An answer that could not be read: wrong, and counted as a format failure. */
    public static Grade unreadable(String reason) {
        return new Grade(0.0, false, true, reason);
    }

    /** A partly right answer, which passes from {@code threshold} on. */
    public static Grade partial(double score, double threshold, String reason) {
        return new Grade(score, score >= threshold, false, reason);
    }

    /** The grader failed; the answer has no score. */
    public static Grade none(String reason) {
        return new Grade(null, false, false, reason);
    }

    /** The same grade, with what judges said. */
    public Grade with(@Nullable Judgement said) {
        return new Grade(score, pass, formatFailure, reason, said);
    }

    /** Right, or wrong for that reason. */
    public static Grade of(boolean right, String wrongReason) {
        return right ? right("as expected") : wrong(wrongReason);
    }
}
