package dev.pareto.evals.grade.judge;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.Grader;
import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.evals.grade.Judgement;
import dev.pareto.evals.grade.Submission;
import dev.pareto.policies.catalog.ModelId;

import org.jspecify.annotations.Nullable;

/** A grader that asks one judge. Unconnected ({@link #connected}) it gives no score. */
public sealed interface ModelGrader extends Grader permits JudgeScore, JudgeBinary, JudgePairwise, ReferenceFact {

    /** Who is asked, and how. */
    Judge judge();

    /** The grader's type in a suite, which is part of the judge's fingerprint. */
    String kind();

    @Override
    ModelGrader connected(JudgeClient client);

    @Override
    default Set<ModelId> judges() {
        return Set.of(judge().model());
    }

    @Override
    default List<String> gateProblems() {
        return judge().gateProblems(kind());
    }

    /** A grade of one word. */
    private static Grade graded(Hearing.Word word, double threshold) {
        Double score = word.score();
        return (score == null ? Grade.none(word.reason()) : Grade.partial(score, threshold, word.reason()))
                .with(word.judgement());
    }

    /** Asks the judge about an answer that stands alone. */
    static Grade alone(Judge judge, @Nullable JudgeClient client, Submission submission, String system, String user,
            Function<String, @Nullable Double> reading, double threshold) {
        Hearing hearing = new Hearing(judge, client, submission);
        String objection = hearing.objection();
        return objection != null
                ? Grade.none(objection)
                : graded(hearing.ask(system, user, Judgement.Place.ALONE, reading), threshold);
    }
}
