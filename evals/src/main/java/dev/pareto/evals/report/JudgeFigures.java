package dev.pareto.evals.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.Judgement;
import dev.pareto.evals.grade.judge.JudgeBias;
import dev.pareto.evals.run.Comparison;
import dev.pareto.evals.run.ItemOutcome;
import dev.pareto.evals.run.Run;

import org.jspecify.annotations.Nullable;

/** What a comparison tells of the judges that it rests on: their leanings stand beside every verdict. */
final class JudgeFigures {

    private final Comparison comparison;

    JudgeFigures(Comparison comparison) {
        this.comparison = comparison;
    }

    /** Whether any judge was asked. */
    boolean present() {
        return !comparison.suite().judges().isEmpty();
    }

    Table table() {
        JudgeBias candidate = bias(comparison.candidate());
        JudgeBias incumbent = bias(comparison.incumbent());
        Table table = new Table("", comparison.candidate().key().model().toString(),
                comparison.incumbent().key().model().toString());
        if (candidate.pairs() + incumbent.pairs() > 0) {
            table.row("pairs judged alike in both orders", share(candidate.consistent()),
                    share(incumbent.consistent()));
            table.row("the answer shown first won", share(candidate.firstPositionRate()),
                    share(incumbent.firstPositionRate()));
        }
        table.row("replies without a score", Integer.toString(candidate.unreadable()),
                Integer.toString(incumbent.unreadable()));
        return table.row("score difference by length difference (Spearman)", Figures.number(lengthBias()), "");
    }

    private static JudgeBias bias(Run run) {
        return JudgeBias.of(run.outcomes().stream().flatMap(outcome -> outcome.grades().values().stream()).toList());
    }

    private static String share(@Nullable Double share) {
        return share == null ? Figures.UNKNOWN : Figures.percent(share);
    }

    /** Over the items that a judge looked at twice, once for each model; null below three. */
    private @Nullable Double lengthBias() {
        Map<String, ItemOutcome> incumbent = new HashMap<>();
        comparison.incumbent().outcomes().forEach(outcome -> incumbent.put(outcome.item().id(), outcome));
        List<double[]> differences = new ArrayList<>();
        for (ItemOutcome x : comparison.candidate().outcomes()) {
            ItemOutcome y = incumbent.get(x.item().id());
            if (y == null) {
                continue;
            }
            x.grades().forEach((id, grade) -> {
                Grade other = y.grades().get(id);
                Judgement one = grade.judgement();
                Judgement two = other == null ? null : other.judgement();
                Double score = grade.score();
                Double otherScore = other == null ? null : other.score();
                if (one != null && two != null && score != null && otherScore != null) {
                    differences.add(new double[]{score - otherScore, (double) one.characters() - two.characters()});
                }
            });
        }
        return differences.size() < 3
                ? null
                : JudgeBias.ofLength(differences.stream().mapToDouble(d -> d[0]).toArray(),
                        differences.stream().mapToDouble(d -> d[1]).toArray());
    }
}
