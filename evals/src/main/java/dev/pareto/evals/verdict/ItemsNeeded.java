package dev.pareto.evals.verdict;

import java.util.List;

import dev.pareto.evals.stats.Quantiles;
import dev.pareto.evals.stats.SampleSize;
import dev.pareto.evals.stats.paired.ClusteredMean;
import dev.pareto.evals.stats.paired.PairedTable;
import dev.pareto.evals.stats.paired.Tango;
import dev.pareto.evals.stats.sequential.PluginGro;
import dev.pareto.evals.suite.Grouping;

import org.jspecify.annotations.Nullable;

/**
 * How many items would decide, if they are like those that were seen: enough for an 80 % chance, and never fewer than those at which
 * the very test that is used would accept what was seen.
 */
final class ItemsNeeded {

    private static final double POWER = 0.8;
    /** Evidence that has not come by then will not. */
    private static final int MOST_REPLAYED = 1_000_000;

    private final Design design;

    ItemsNeeded(Design design) {
        this.design = design;
    }

    /**
     * Of a fixed test; null when more items would hardly help.
     *
     * @param bets the differences that the bets ran over; null when another test decided
     * @param square mean square of what an item adds; null for that of the differences
     */
    @Nullable
    Long fixed(List<PairRecord> pairs, double estimate, double @Nullable [] bets, @Nullable Double square) {
        double difference = Math.min(0, estimate);
        if (difference <= -design.margin()) {
            return null;
        }
        if (design.plan().grouping() instanceof Grouping.Clusters) {
            return clusters(pairs, difference, bets);
        }
        double least = power(pairs, difference, square);
        if (bets != null) {
            Long replayed = replay(bets);
            return replayed == null ? null : atLeast(Math.max(least, replayed), pairs.size());
        }
        PairedTable table = QualityTest.table(pairs);
        if (table != null) {
            double z = Tango.z(table, -design.margin()) / Quantiles.normalTail(design.plan().alpha());
            least = z > 0 ? Math.max(least, Math.ceil(pairs.size() / (z * z))) : least;
        }
        return atLeast(least, pairs.size());
    }

    /** Of the sequential test, which looks after every unit; null likewise. */
    @Nullable
    Long sequential(List<PairRecord> pairs, double[] units, double estimate) {
        double difference = Math.min(0, estimate);
        Long replayed = difference <= -design.margin() ? null : replay(units);
        if (replayed == null) {
            return null;
        }
        double items = Math.ceil((double) replayed * pairs.size() / units.length);
        return atLeast(Math.max(items, power(pairs, difference, null)), pairs.size());
    }

    private Long atLeast(double items, int seen) {
        // the estimate is of a coin's toss: nearly enough already still means some more
        return Math.max(Math.max((long) items, design.plan().nMin()), seen + 1L);
    }

    private double power(List<PairRecord> pairs, double difference, @Nullable Double meanSquare) {
        double squares = pairs.stream().mapToDouble(pair -> pair.difference() * pair.difference()).sum();
        // half an item's worth of doubt: that few items agree does not mean that all do
        double square = Math.max(meanSquare == null ? (squares + 0.5) / (pairs.size() + 1) : meanSquare,
                1.001 * difference * difference);
        return SampleSize.paired(design.margin(), Math.min(1, square), difference, design.plan().alpha(), POWER);
    }

    /** In items, as many as there are in so many clusters on average. */
    private @Nullable Long clusters(List<PairRecord> pairs, double difference, double @Nullable [] bets) {
        ClusteredMean mean = ClusteredMean.of(
                pairs.stream().mapToDouble(PairRecord::difference).toArray(),
                pairs.stream().map(PairRecord::clusterOrOwn).toList());
        double error = mean.correctedStandardError();
        double needed = Math.max(ClusteredMean.FEWEST_CLUSTERS, mean.clusters() + 1.0);
        if (bets != null) {
            Long replayed = replay(bets);
            if (replayed == null) {
                return null;
            }
            needed = Math.max(needed, replayed);
        }
        if (mean.clusters() > 1) {
            double z = Quantiles.normalTail(design.plan().alpha()) + Quantiles.normalTail(1 - POWER);
            double ratio = z * error / (design.margin() + difference);
            needed = Math.max(needed, Math.ceil(ratio * ratio * mean.clusters()));
        }
        return atLeast(Math.ceil(needed * pairs.size() / mean.clusters()), pairs.size());
    }

    /** After how many the bets are won when those that were seen come again and again. */
    private @Nullable Long replay(double[] units) {
        PluginGro process = design.process();
        double won = -Math.log(design.plan().alpha());
        for (int i = 0; i < MOST_REPLAYED; i++) {
            process.add(units[i % units.length]);
            if (process.logNonInferior() >= won) {
                return i + 1L;
            }
        }
        return null;
    }
}
