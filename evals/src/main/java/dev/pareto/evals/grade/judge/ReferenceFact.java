package dev.pareto.evals.grade.judge;

import static java.util.Objects.requireNonNull;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.evals.grade.Submission;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * A judge compares the answer's facts with the key's: 1 when consistent, {@code incomplete} when something is missing,
 * 0 when it contradicts.
 *
 * @param judge who is asked
 * @param incomplete the score of an incomplete answer, below 1
 * @param client reaches the judge; null until connected
 */
public record ReferenceFact(Judge judge, double incomplete, @Nullable JudgeClient client) implements ModelGrader {

    /** Checks the score. */
    public ReferenceFact {
        requireNonNull(judge, "judge is null");
        if (!(incomplete >= 0 && incomplete < 1)) {
            throw new IllegalArgumentException("the score of an incomplete answer must be within [0, 1)");
        }
    }

    @Override
    public Grade grade(Submission submission) {
        String user = Wording.material("request", submission.question(), "expert",
                Texts.requireScalar(submission.expected()), "answer", submission.text());
        return ModelGrader.alone(judge, client, submission, Wording.factChecking(judge.rubric()), user, this::read, 1);
    }

    private @Nullable Double read(String reply) {
        String word = Wording.field(reply, "verdict");
        return word == null ? null : switch (word) {
            case "consistent" -> (Double) 1.0;
            case "incomplete" -> (Double) incomplete;
            case "contradicts", "contradictory" -> (Double) 0.0;
            default -> null;
        };
    }

    @Override
    public String kind() {
        return "reference_fact";
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return Texts.needsScalar(expected);
    }

    @Override
    public ReferenceFact connected(JudgeClient to) {
        return new ReferenceFact(judge, incomplete, to);
    }
}
