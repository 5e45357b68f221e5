package dev.pareto.evals.grade.judge;

import java.util.Map;
import java.util.function.Function;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.evals.grade.Judgement;
import dev.pareto.evals.grade.Submission;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** A judge's word on an answer that stands alone; three kinds of question share it. Immutable. */
public final class JudgeAlone implements ModelGrader {

    /** Four of five points. */
    public static final double USUAL_THRESHOLD = 0.75;

    private static final Map<String, Double> PASSES = Map.of("true", 1.0, "yes", 1.0, "false", 0.0, "no", 0.0);

    private final Judge judge;
    private final String kind;
    private final String system;
    private final double threshold;
    private final Function<String, @Nullable Double> reading;
    private final @Nullable JudgeClient client;

    private JudgeAlone(Judge judge, String kind, String system, double threshold,
            Function<String, @Nullable Double> reading, @Nullable JudgeClient client) {
        this.judge = judge;
        this.kind = kind;
        this.system = system;
        this.threshold = threshold;
        this.reading = reading;
        this.client = client;
    }

    /** Whether the answer is good enough. */
    public static JudgeAlone binary(Judge judge) {
        return new JudgeAlone(judge, "judge_binary", Wording.passing(judge.rubric()), 1,
                reply -> PASSES.get(Wording.word(reply, "pass")), null);
    }

    /** 1 to 5 by a rubric with an anchor for each, scored as (points - 1) / 4; passes from {@code threshold}. */
    public static JudgeAlone score(Judge judge, double threshold) {
        if (!(threshold > 0 && threshold <= 1)) {
            throw new IllegalArgumentException("the threshold " + threshold + " is not within (0, 1]");
        }
        return new JudgeAlone(judge, "judge_score", Wording.scoring(judge.rubric()), threshold, JudgeAlone::points,
                null);
    }

    /** The answer's facts against the key's: 1 when consistent, {@code incomplete} when something is missing, 0 when it contradicts. */
    public static JudgeAlone facts(Judge judge, double incomplete) {
        if (!(incomplete >= 0 && incomplete < 1)) {
            throw new IllegalArgumentException("the score of an incomplete answer must be within [0, 1)");
        }
        Map<String, Double> scores = Map.of("consistent", 1.0, "incomplete", incomplete, "contradicts", 0.0,
                "contradictory", 0.0);
        return new JudgeAlone(judge, "reference_fact", Wording.factChecking(judge.rubric()), 1,
                reply -> scores.get(Wording.word(reply, "verdict")), null);
    }

    private static @Nullable Double points(String reply) {
        String points = Wording.field(reply, "score");
        try {
            double value = points == null ? 0 : Double.parseDouble(points);
            return value >= 1 && value <= 5 ? (Double) ((value - 1) / 4) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public Grade grade(Submission submission) {
        Hearing hearing = new Hearing(judge, client, submission);
        String objection = hearing.objection();
        if (objection != null) {
            return Grade.none(objection);
        }
        boolean keyed = kind.equals("reference_fact");
        String key = keyed ? Texts.requireScalar(submission.expected()) : Texts.scalar(submission.expected());
        String user = key == null
                ? Wording.material("request", submission.question(), "answer", submission.text())
                : Wording.material("request", submission.question(), keyed ? "expert" : "reference", key, "answer",
                        submission.text());
        Hearing.Word word = hearing.ask(system, user, Judgement.Place.ALONE, reading);
        Double score = word.score();
        return (score == null ? Grade.none(word.reason()) : Grade.partial(score, threshold, word.reason()))
                .with(word.judgement());
    }

    @Override
    public Judge judge() {
        return judge;
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return kind.equals("reference_fact") ? Texts.needsScalar(expected) : null;
    }

    @Override
    public JudgeAlone connected(JudgeClient to) {
        return new JudgeAlone(judge, kind, system, threshold, reading, to);
    }
}
