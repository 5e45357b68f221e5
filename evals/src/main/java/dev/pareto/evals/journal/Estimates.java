package dev.pareto.evals.journal;

import dev.pareto.evals.journal.RunFigures.Estimate;
import dev.pareto.evals.journal.RunRecord.Pair;
import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Quantiles;
import dev.pareto.evals.stats.Wilson;
import dev.pareto.evals.stats.paired.ClusteredMean;
import dev.pareto.evals.stats.paired.PairedNewcombe;
import dev.pareto.evals.stats.paired.PairedTable;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Means and their intervals of level 95 %: binary scores get Wilson's and Newcombe's, others and clustered ones Student's t. */
final class Estimates {

    private static final double CONFIDENCE = 0.95;

    private Estimates() {}

    /** Mean score over the marks that have one; null when none has. */
    static @Nullable Estimate accuracy(List<Mark> marks) {
        List<Mark> graded = marks.stream().filter(Mark::graded).toList();
        if (graded.isEmpty()) {
            return null;
        }
        double[] scores = graded.stream().mapToDouble(Estimates::score).toArray();
        boolean clustered = graded.stream().anyMatch(mark -> mark.cluster() != null);
        if (!clustered && binary(scores)) {
            int right = (int) graded.stream().filter(Mark::right).count();
            return new Estimate((double) right / scores.length, Wilson.interval(right, scores.length, CONFIDENCE),
                    scores.length);
        }
        return mean(scores, graded.stream().map(mark -> cluster(mark.cluster(), mark.item())).toList());
    }

    /** Mean of candidate minus incumbent over the pairs in which both are graded; null when there are none. */
    static @Nullable Estimate difference(List<Pair> pairs) {
        List<Pair> graded = pairs.stream()
                .filter(pair -> graded(pair.candidate()) && graded(pair.incumbent()))
                .toList();
        if (graded.isEmpty()) {
            return null;
        }
        double[] candidate = graded.stream().mapToDouble(pair -> score(pair.candidate())).toArray();
        double[] incumbent = graded.stream().mapToDouble(pair -> score(pair.incumbent())).toArray();
        boolean clustered = graded.stream().anyMatch(pair -> pair.cluster() != null);
        if (!clustered && binary(candidate) && binary(incumbent)) {
            PairedTable table = table(candidate, incumbent);
            return new Estimate(table.difference(), PairedNewcombe.interval(table, CONFIDENCE), table.n());
        }
        double[] differences = new double[candidate.length];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = candidate[i] - incumbent[i];
        }
        return mean(differences, graded.stream().map(pair -> cluster(pair.cluster(), pair.item())).toList());
    }

    private static PairedTable table(double[] candidate, double[] incumbent) {
        int[] cells = new int[4];
        for (int i = 0; i < candidate.length; i++) {
            cells[(candidate[i] >= 1 ? 0 : 2) + (incumbent[i] >= 1 ? 0 : 1)]++;
        }
        return new PairedTable(cells[0], cells[1], cells[2], cells[3]);
    }

    private static Estimate mean(double[] values, List<String> clusters) {
        int groups = Set.copyOf(clusters).size();
        if (groups < 2) {
            return new Estimate(Arrays.stream(values).average().orElse(0), null, values.length);
        }
        ClusteredMean mean = ClusteredMean.of(values, clusters);
        double reach = Quantiles.twoSidedStudent(groups - 1.0, CONFIDENCE) * mean.correctedStandardError();
        return new Estimate(mean.mean(), new Interval(mean.mean() - reach, mean.mean() + reach), values.length);
    }

    private static String cluster(@Nullable String cluster, String item) {
        return cluster == null ? "item " + item : "cluster " + cluster;
    }

    private static boolean graded(@Nullable Mark mark) {
        return mark != null && mark.graded();
    }

    private static double score(@Nullable Mark mark) {
        Double score = mark == null ? null : mark.score();
        return score == null ? 0 : score;
    }

    private static boolean binary(double[] scores) {
        for (double score : scores) {
            if (score != 0 && score != 1) {
                return false;
            }
        }
        return true;
    }
}
