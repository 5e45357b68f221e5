package dev.pareto.evals.verdict;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.evals.run.Order;
import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Margins;
import dev.pareto.evals.stats.SampleSize;
import dev.pareto.evals.stats.paired.ClusteredMean;
import dev.pareto.evals.stats.paired.McNemar;
import dev.pareto.evals.stats.paired.PairedNewcombe;
import dev.pareto.evals.stats.paired.PairedT;
import dev.pareto.evals.stats.paired.PairedTable;
import dev.pareto.evals.stats.paired.StratifiedMean;
import dev.pareto.evals.stats.paired.Tango;
import dev.pareto.evals.stats.sequential.PluginGro;
import dev.pareto.evals.suite.Grouping;
import dev.pareto.policies.swap.Outcome;

import org.jspecify.annotations.Nullable;

/** Chooses and runs the test that a design asks for. */
final class QualityTest {

    /** Below so many discordant items a Wald-type interval is too short. */
    static final int FEWEST_DISCORDANT = 20;
    private static final double POWER = 0.8;

    private final Design design;

    QualityTest(Design design) {
        this.design = design;
    }

    /** A test's answer and the pairs that it rests on. */
    record Answer(List<PairRecord> used, Verdict.Quality quality) {}

    /** @param usable pairs with an incumbent's score, at least one */
    Answer assess(List<PairRecord> usable) {
        return switch (design.test()) {
            case FIXED -> new Answer(usable, fixed(usable));
            case SEQUENTIAL -> sequential(usable);
        };
    }

    private Verdict.Quality fixed(List<PairRecord> pairs) {
        Fixed result = design.plan().nMin() > pairs.size()
                ? new Fixed(null, "fewer than n_min = " + design.plan().nMin() + " items", null)
                : interval(pairs);
        Interval interval = result.interval();
        Outcome outcome = interval == null ? Outcome.INCONCLUSIVE : Margins.outcome(interval, design.margin());
        return new Verdict.Quality(estimate(pairs), interval == null ? null : bounds(interval), result.kind(),
                1 - 2 * design.plan().alpha(), result.p(), descriptive(pairs), null, null, null, outcome,
                outcome == Outcome.INCONCLUSIVE ? needed(pairs) : null);
    }

    private record Fixed(@Nullable Interval interval, String kind, @Nullable Double p) {}

    private Fixed interval(List<PairRecord> pairs) {
        double confidence = 1 - 2 * design.plan().alpha();
        String level = "-" + Math.round(100 * confidence);
        return switch (design.plan().grouping()) {
            case Grouping.None none -> independent(pairs, confidence, level);
            case Grouping.Clusters clusters -> {
                ClusteredMean mean = ClusteredMean.of(differences(pairs),
                        pairs.stream().map(pair -> String.valueOf(pair.cluster())).toList());
                yield mean.clusters() < ClusteredMean.FEWEST_CLUSTERS
                        ? new Fixed(null, "fewer than " + ClusteredMean.FEWEST_CLUSTERS + " clusters", null)
                        : new Fixed(mean.interval(confidence), "clustered-t" + level, null);
            }
            case Grouping.Strata strata -> stratified(pairs, strata, confidence, level);
        };
    }

    private Fixed independent(List<PairRecord> pairs, double confidence, String level) {
        PairedTable table = table(pairs);
        if (table != null) {
            return new Fixed(Tango.interval(table, confidence), "tango" + level,
                    Tango.nonInferiority(table, design.margin()).p());
        }
        if (pairs.size() < 2) {
            return new Fixed(null, "fewer than 2 items", null);
        }
        PairedT t = PairedT.of(differences(pairs));
        return t.standardDeviation() == 0
                ? new Fixed(null, "no two items differ", null)
                : new Fixed(t.interval(confidence), "paired-t" + level, t.nonInferiorityP(design.margin()));
    }

    private Fixed stratified(List<PairRecord> pairs, Grouping.Strata strata, double confidence, String level) {
        long discordant = pairs.stream().filter(pair -> pair.difference() != 0).count();
        Map<String, List<Double>> byStratum = new LinkedHashMap<>();
        pairs.forEach(pair -> byStratum.computeIfAbsent(String.valueOf(pair.stratum()), key -> new ArrayList<>())
                .add(pair.difference()));
        boolean enough = discordant >= FEWEST_DISCORDANT
                && byStratum.values().stream().allMatch(values -> values.size() >= 2);
        if (enough) {
            return new Fixed(StratifiedMean.of(strata(byStratum, strata)).interval(confidence),
                    "stratified-normal" + level, null);
        }
        // With shares by items the estimate is the plain one, and Tango's variance is never smaller than the stratified.
        return strata.weights().isEmpty()
                ? independent(pairs, confidence, level)
                : new Fixed(null, "fewer than " + FEWEST_DISCORDANT + " discordant items or 2 in a stratum", null);
    }

    private static List<StratifiedMean.Stratum> strata(Map<String, List<Double>> byStratum, Grouping.Strata strata) {
        return byStratum.entrySet()
                .stream()
                .map(entry -> new StratifiedMean.Stratum(strata.weights().isEmpty()
                        ? entry.getValue().size()
                        : strata.weights().getOrDefault(entry.getKey(), 0.0), entry.getValue()))
                .toList();
    }

    private Answer sequential(List<PairRecord> usable) {
        PluginGro process = design.process();
        List<PairRecord> used = new ArrayList<>();
        Outcome outcome = Outcome.INCONCLUSIVE;
        for (PairRecord pair : Order.seeded(usable, PairRecord::id, design.orderSeed())) {
            used.add(pair);
            outcome = process.add(pair.difference());
            if (outcome != Outcome.INCONCLUSIVE) {
                break;
            }
        }
        double[] d = differences(used);
        double alpha = design.plan().alpha();
        double lower = PluginGro.lowerBound(d, design.margin(), alpha, PluginGro.Parameters.STANDARD);
        double upper = Math.max(lower,
                PluginGro.upperBound(d, design.margin(), alpha, PluginGro.Parameters.STANDARD));
        if (outcome == Outcome.NON_INFERIOR && lower > 0) {
            outcome = Outcome.SUPERIOR;
        }
        return new Answer(used, new Verdict.Quality(estimate(used), new Verdict.Bounds(lower, upper),
                "anytime-" + Math.round(100 * (1 - alpha)), 1 - 2 * alpha, process.alwaysValidP(), descriptive(used),
                process.logNonInferior(), process.logInferior(), used.size(), outcome,
                outcome == Outcome.INCONCLUSIVE ? needed(used) : null));
    }

    /** The weighted difference when shares are given, else the plain one. */
    private double estimate(List<PairRecord> pairs) {
        if (design.plan().grouping() instanceof Grouping.Strata strata && !strata.weights().isEmpty()) {
            Map<String, List<Double>> byStratum = new LinkedHashMap<>();
            pairs.forEach(pair -> byStratum.computeIfAbsent(String.valueOf(pair.stratum()), key -> new ArrayList<>())
                    .add(pair.difference()));
            double weights = 0;
            double sum = 0;
            for (Map.Entry<String, List<Double>> entry : byStratum.entrySet()) {
                double weight = strata.weights().getOrDefault(entry.getKey(), 0.0);
                weights += weight;
                sum += weight * entry.getValue().stream().mapToDouble(Double::doubleValue).average().orElse(0);
            }
            return weights == 0 ? 0 : sum / weights;
        }
        return pairs.stream().mapToDouble(PairRecord::difference).average().orElse(0);
    }

    /**
     * Items for 80 % power if the true difference is what was seen (but not better than equal); null when more items
     * would hardly help.
     */
    private @Nullable Long needed(List<PairRecord> pairs) {
        double difference = Math.min(0, estimate(pairs));
        double square = pairs.stream().mapToDouble(pair -> pair.difference() * pair.difference()).average().orElse(0);
        if (difference <= -design.margin() || square <= difference * difference) {
            return null;
        }
        long needed = SampleSize.paired(design.margin(), square, difference, design.plan().alpha(), POWER);
        return Math.max(needed, design.plan().nMin());
    }

    private static Verdict.@Nullable Descriptive descriptive(List<PairRecord> pairs) {
        PairedTable table = table(pairs);
        if (table == null) {
            return null;
        }
        McNemar.Result mcNemar = McNemar.test(table.onlyCandidate(), table.onlyIncumbent());
        return new Verdict.Descriptive(bounds(Tango.interval(table, 0.9)), bounds(PairedNewcombe.interval(table, 0.9)),
                mcNemar.exact(), mcNemar.midP());
    }

    /** The 2x2 table; null when some score is neither 0 nor 1. */
    static @Nullable PairedTable table(List<PairRecord> pairs) {
        int[] cells = new int[4];
        for (PairRecord pair : pairs) {
            double x = pair.candidateScore();
            double y = pair.incumbentScore();
            if ((x != 0 && x != 1) || (y != 0 && y != 1)) {
                return null;
            }
            cells[(x == 1 ? 0 : 2) + (y == 1 ? 0 : 1)]++;
        }
        return new PairedTable(cells[0], cells[1], cells[2], cells[3]);
    }

    static Verdict.Bounds bounds(Interval interval) {
        return new Verdict.Bounds(interval.lower(), interval.upper());
    }

    private static double[] differences(List<PairRecord> pairs) {
        return pairs.stream().mapToDouble(PairRecord::difference).toArray();
    }
}
