package dev.pareto.evals.grade.judge;

import java.util.List;
import java.util.Set;

import dev.pareto.evals.grade.Grader;
import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.policies.catalog.ModelId;

/** A grader that asks one judge. Unconnected ({@link #connected}) it gives no score. */
public sealed interface ModelGrader extends Grader permits JudgeAlone, JudgePairwise {

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
}
