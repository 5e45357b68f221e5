package dev.pareto.evals.grade.judge;

import static java.util.Objects.requireNonNull;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.evals.grade.Submission;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * A judge gives 1 to 5 by a rubric with an anchor for each; scored as (points - 1) / 4.
 *
 * @param judge who is asked
 * @param threshold the score from which an answer passes
 * @param client reaches the judge; null until connected
 */
public record JudgeScore(Judge judge, double threshold, @Nullable JudgeClient client) implements ModelGrader {

    /** Four of five points. */
    public static final double USUAL_THRESHOLD = 0.75;

    /** Checks the threshold. */
    public JudgeScore {
        requireNonNull(judge, "judge is null");
        if (!(threshold > 0 && threshold <= 1)) {
            throw new IllegalArgumentException("the threshold " + threshold + " is not within (0, 1]");
        }
    }

    @Override
    public Grade grade(Submission submission) {
        String reference = Texts.scalar(submission.expected());
        String user = reference == null
                ? Wording.material("request", submission.question(), "answer", submission.text())
                : Wording.material("request", submission.question(), "reference", reference, "answer",
                        submission.text());
        return ModelGrader.alone(judge, client, submission, Wording.scoring(judge.rubric()), user, JudgeScore::read,
                threshold);
    }

    private static @Nullable Double read(String reply) {
        String points = Wording.field(reply, "score");
        try {
            double value = points == null ? 0 : Double.parseDouble(points);
            return value >= 1 && value <= 5 ? (Double) ((value - 1) / 4) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public String kind() {
        return "judge_score";
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return null;
    }

    @Override
    public JudgeScore connected(JudgeClient to) {
        return new JudgeScore(judge, threshold, to);
    }
}
