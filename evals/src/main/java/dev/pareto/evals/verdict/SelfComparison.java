package dev.pareto.evals.verdict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.pareto.evals.run.ItemOutcome;
import dev.pareto.evals.run.Run;
import dev.pareto.evals.stats.paired.McNemar;
import dev.pareto.evals.stats.SampleSize;

/**
 * One model asked the same items twice: how much of a difference is noise, and a check of the whole arrangement, since a model is as
 * good as itself.
 *
 * @param first the answers that count
 * @param second the answers that only tell about the first
 */
public record SelfComparison(Run first, Run second) {

    private static final double POWER = 0.8;
    /** A difference that chance makes less often than this voids what is compared with the model. */
    private static final double IMPLAUSIBLE = 0.001;

    /** What was seen; of items that have both answers. */
    public Verdict.NoiseFloor floor() {
        Map<String, Double> before = new HashMap<>();
        for (ItemOutcome outcome : first.outcomes()) {
            if (outcome.score() != null) {
                before.put(outcome.item().id(), Objects.requireNonNull(outcome.score()));
            }
        }
        List<Double> differences = new ArrayList<>();
        for (ItemOutcome outcome : second.outcomes()) {
            Double earlier = before.get(outcome.item().id());
            Double later = outcome.score();
            if (earlier != null && later != null) {
                differences.add(later - earlier);
            }
        }
        int up = (int) differences.stream().filter(difference -> difference > 0).count();
        int down = (int) differences.stream().filter(difference -> difference < 0).count();
        int n = differences.size();
        double mean = differences.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        return new Verdict.NoiseFloor(n, up + down, n == 0 ? 0 : (double) (up + down) / n, mean,
                McNemar.test(up, down).exact() < IMPLAUSIBLE);
    }

    /** Fewer items than this cannot decide: two models differ from each other at least as often as one from itself. */
    public long fewestItems(Design design) {
        Verdict.NoiseFloor floor = floor();
        double share = (floor.differing() + 0.5) / (floor.n() + 1);
        return Math.max(design.plan().nMin(),
                SampleSize.paired(design.margin(), share, 0, design.plan().alpha(), POWER));
    }
}
