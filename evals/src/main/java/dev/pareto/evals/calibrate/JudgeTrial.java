package dev.pareto.evals.calibrate;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.evals.grade.Judgement;
import dev.pareto.evals.grade.Submission;
import dev.pareto.evals.grade.judge.Calibration;
import dev.pareto.evals.grade.judge.JudgePairwise;
import dev.pareto.evals.grade.judge.ModelGrader;

import org.jspecify.annotations.Nullable;

/** Puts labelled cases to a judge. */
public final class JudgeTrial {

    private final ModelGrader judge;

    /** @param client reaches the judge, at the expense and within the bounds that it knows */
    public JudgeTrial(ModelGrader judge, JudgeClient client) {
        this.judge = requireNonNull(judge, "judge is null").connected(client);
    }

    /**
     * The judge's word beside each label, in the order of the cases.
     *
     * @param atOnce questions under way
     * @param done told after each case how many are done
     */
    public List<Calibration.Label> run(List<LabelledCase> cases, ExecutorService executor, int atOnce, IntConsumer done)
            throws InterruptedException {
        var places = new Semaphore(atOnce);
        List<Future<Calibration.Label>> asked = new ArrayList<>();
        try {
            for (LabelledCase one : cases) {
                places.acquire();
                asked.add(executor.submit(() -> {
                    try {
                        return label(one);
                    } finally {
                        places.release();
                    }
                }));
            }
            List<Calibration.Label> labels = new ArrayList<>();
            for (Future<Calibration.Label> label : asked) {
                labels.add(label.get());
                done.accept(labels.size());
            }
            return labels;
        } catch (ExecutionException failure) {
            throw new IllegalStateException("a judge could not be tried", failure.getCause());
        } finally {
            asked.forEach(label -> label.cancel(true));
        }
    }

    private Calibration.Label label(LabelledCase one) {
        var submission = new Submission(one.answer(), one.expected(), one.messages(), null, null, null, null, null);
        String other = one.other();
        if (judge instanceof JudgePairwise pairwise && other != null) {
            Grade grade = pairwise.compare(submission, other);
            return new Calibration.Label(one.id(), one.human(), word(grade, Judgement.Place.FIRST),
                    word(grade, Judgement.Place.SECOND));
        }
        Grade grade = judge.grade(submission);
        return new Calibration.Label(one.id(), one.human(), grade.score() == null ? null : (Boolean) grade.pass(),
                null);
    }

    /** What the judge said where the case's answer stood there; a tie is no word. */
    private static @Nullable Boolean word(Grade grade, Judgement.Place place) {
        Judgement said = grade.judgement();
        if (said == null) {
            return null;
        }
        for (Judgement.Vote vote : said.votes()) {
            Double score = vote.score();
            if (vote.place() == place && score != null && score != 0.5) {
                return score > 0.5;
            }
        }
        return null;
    }
}
