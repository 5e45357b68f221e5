package dev.pareto.evals.grade.judge;

import static java.util.Objects.requireNonNull;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.evals.grade.Judgement;
import dev.pareto.evals.grade.Submission;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * A judge prefers one of two answers, asked in both orders; its word counts only where both orders agree, else the
 * pair is a tie. In a suite the other answer is the item's key, e.g. the one that serves today.
 *
 * @param judge who is asked
 * @param tie the score of a tie
 * @param client reaches the judge; null until connected
 */
public record JudgePairwise(Judge judge, double tie, @Nullable JudgeClient client) implements ModelGrader {

    /** Checks the tie's score. */
    public JudgePairwise {
        requireNonNull(judge, "judge is null");
        if (!(tie >= 0 && tie <= 1)) {
            throw new IllegalArgumentException("the score of a tie must be within 0 and 1, not " + tie);
        }
    }

    @Override
    public Grade grade(Submission submission) {
        return compare(submission, Texts.requireScalar(submission.expected()));
    }

    /** The grade of the submission beside another answer to the same request: 1 when it is the better one. */
    public Grade compare(Submission submission, String other) {
        Hearing hearing = new Hearing(judge, client, submission);
        String objection = hearing.objection();
        if (objection != null) {
            return Grade.none(objection);
        }
        String system = Wording.comparing(judge.rubric());
        String question = submission.question();
        Hearing.Word first = hearing.ask(system,
                Wording.material("request", question, "answer-A", submission.text(), "answer-B", other),
                Judgement.Place.FIRST, reply -> read(reply, "a", "b"));
        Hearing.Word second = hearing.ask(system,
                Wording.material("request", question, "answer-A", other, "answer-B", submission.text()),
                Judgement.Place.SECOND, reply -> read(reply, "b", "a"));
        Judgement both = first.judgement().plus(second.judgement());
        Double forward = first.score();
        Double backward = second.score();
        if (forward == null || backward == null) {
            return Grade.none(forward == null ? first.reason() : second.reason()).with(both);
        }
        boolean agreed = forward.equals(backward);
        double score = agreed && forward != 0.5 ? forward : tie;
        String reason = !agreed
                ? "the judge is of two minds, by the order in which the answers stand"
                : forward == 0.5 ? "a tie" : forward == 1 ? "preferred in both orders" : "the other is preferred";
        return new Grade(score, score >= 0.5, false, reason, both);
    }

    private static @Nullable Double read(String reply, String mine, String other) {
        String winner = Wording.field(reply, "winner");
        if (winner == null) {
            return null;
        }
        return winner.equals(mine)
                ? (Double) 1.0
                : winner.equals(other) ? (Double) 0.0 : winner.equals("tie") ? (Double) 0.5 : null;
    }

    @Override
    public String kind() {
        return "judge_pairwise";
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return Texts.needsScalar(expected) == null ? null : "needs the answer to compare with in 'expected'";
    }

    @Override
    public JudgePairwise connected(JudgeClient to) {
        return new JudgePairwise(judge, tie, to);
    }
}
