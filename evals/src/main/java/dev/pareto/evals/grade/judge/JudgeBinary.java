package dev.pareto.evals.grade.judge;

import static java.util.Objects.requireNonNull;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.evals.grade.Submission;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * A judge says whether an answer is good enough.
 *
 * @param judge who is asked
 * @param client reaches the judge; null until connected
 */
public record JudgeBinary(Judge judge, @Nullable JudgeClient client) implements ModelGrader {

    /** Checks the judge. */
    public JudgeBinary {
        requireNonNull(judge, "judge is null");
    }

    @Override
    public Grade grade(Submission submission) {
        String reference = Texts.scalar(submission.expected());
        String user = reference == null
                ? Wording.material("request", submission.question(), "answer", submission.text())
                : Wording.material("request", submission.question(), "reference", reference, "answer",
                        submission.text());
        return ModelGrader.alone(judge, client, submission, Wording.passing(judge.rubric()), user, JudgeBinary::read,
                1);
    }

    private static @Nullable Double read(String reply) {
        String word = Wording.field(reply, "pass");
        return word == null ? null : switch (word) {
            case "true", "yes" -> (Double) 1.0;
            case "false", "no" -> (Double) 0.0;
            default -> null;
        };
    }

    @Override
    public String kind() {
        return "judge_binary";
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return null;
    }

    @Override
    public JudgeBinary connected(JudgeClient to) {
        return new JudgeBinary(judge, to);
    }
}
