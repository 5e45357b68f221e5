package dev.pareto.evals.grade.judge;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.Judgement;
import dev.pareto.evals.stats.agreement.Correlation;
import dev.pareto.policies.catalog.ModelId;

import org.jspecify.annotations.Nullable;

/**
 * What a run tells of its judge's leanings, to be printed with every verdict that rests on it.
 *
 * @param pairs pairs that were judged readably in both orders
 * @param consistent share of them judged alike in both; null when there are none
 * @param firstPositionRate how often the answer shown first won, of the votes that were no ties; null when there are none
 * @param unreadable votes without a score
 */
public record JudgeBias(int pairs, @Nullable Double consistent, @Nullable Double firstPositionRate, int unreadable) {

    /** The figures of a run's grades; grades without a judgement do not count. */
    public static JudgeBias of(Collection<Grade> grades) {
        int pairs = 0;
        int alike = 0;
        int first = 0;
        int decided = 0;
        int unreadable = 0;
        for (Grade grade : grades) {
            Judgement judgement = grade.judgement();
            Map<ModelId, Double> forward = new HashMap<>();
            for (Judgement.Vote vote : judgement == null ? List.<Judgement.Vote>of() : judgement.votes()) {
                Double score = vote.score();
                if (score == null) {
                    unreadable++;
                    continue;
                }
                if (vote.place() == Judgement.Place.ALONE) {
                    continue;
                }
                boolean shownFirst = vote.place() == Judgement.Place.FIRST;
                if (score != 0.5) {
                    decided++;
                    first += (score > 0.5) == shownFirst ? 1 : 0;
                }
                Double other = shownFirst ? forward.put(vote.judge(), score) : forward.remove(vote.judge());
                if (!shownFirst && other != null) {
                    pairs++;
                    alike += other.equals(score) ? 1 : 0;
                }
            }
        }
        return new JudgeBias(pairs, pairs == 0 ? null : (Double) ((double) alike / pairs),
                decided == 0 ? null : (Double) ((double) first / decided), unreadable);
    }

    /**
     * Length bias: Spearman's correlation of the score differences with the length differences (characters), candidate
     * minus incumbent, item by item; null when one never varies.
     */
    public static @Nullable Double ofLength(double[] scoreDifferences, double[] lengthDifferences) {
        // Differences of floats part what are ties: 3/9 - 2/9 is not 2/9 - 1/9.
        double[] scores = Arrays.stream(scoreDifferences).map(d -> Math.rint(d * 1e9) / 1e9).toArray();
        Correlation.Spearman spearman = Correlation.spearman(scores, lengthDifferences);
        return spearman == null ? null : (Double) spearman.coefficient();
    }
}
