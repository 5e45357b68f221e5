package dev.pareto.evals.verdict;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.pareto.evals.run.Order;
import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Margins;
import dev.pareto.evals.stats.agreement.SteadyPowered;
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
    /** Where fewer differ Student's t accepts too often: at the margin itself up to 20 % of the time, see docs/statistics.md. */
    static final int FEWEST_DIFFERING = 8;
    /** Fewer scores may lie close together by chance. */
    private static final int FEWEST_SCORES = 10;
    private static final double NO_SPREAD = 1e-12;

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

    /** Whether the records are groups of items rather than items: with one item in each, groups say nothing. */
    private boolean clustered() {
        return design.plan().grouping() instanceof Grouping.Clusters;
    }

    private Verdict.Quality fixed(List<PairRecord> pairs) {
        JudgedByPeople people = JudgedByPeople.of(pairs, design);
        Fixed result = design.plan().nMin() > pairs.size()
                ? Fixed.none("fewer than n_min = " + design.plan().nMin() + " items")
                : people != null && people.powered() != null
                        ? corrected(pairs, people.powered())
                        : interval(pairs);
        Interval interval = result.interval();
        Outcome alone = interval == null ? Outcome.INCONCLUSIVE : Margins.outcome(interval, design.margin());
        SecondOpinions second = result.second();
        Outcome outcome = second == null ? alone : second.together(alone, design.margin());
        double diff = result.estimate() == null ? estimate(pairs) : result.estimate();
        return new Verdict.Quality(diff, interval == null ? null : bounds(interval), result.kind(),
                1 - 2 * design.plan().alpha(), result.p(), descriptive(pairs), null, null, null, outcome,
                outcome == Outcome.INCONCLUSIVE && (people == null || people.powered() == null)
                        ? new ItemsNeeded(design).fixed(pairs, diff, result.bets(), result.meanSquare())
                        : null,
                second == null ? null : second.beside(alone, design.margin()),
                people == null ? null : people.labels());
    }

    /**
     * What a fixed test says.
     *
     * @param interval null when there is none, and {@code kind} says why
     * @param estimate of the difference, where it is not the mean of the scores
     * @param meanSquare of what an item adds to it, where it is not that of the differences
     * @param bets the differences that the bets ran over, where these decide
     */
    private record Fixed(@Nullable Interval interval, String kind, @Nullable Double p,
            @Nullable SecondOpinions second, @Nullable Double estimate, @Nullable Double meanSquare,
            double @Nullable [] bets) {

        Fixed(Interval interval, String kind, double p, @Nullable SecondOpinions second) {
            this(interval, kind, p, second, null, null, null);
        }

        static Fixed none(String reason) {
            return new Fixed(null, reason, null, null, null, null, null);
        }
    }

    private Fixed interval(List<PairRecord> pairs) {
        double confidence = 1 - 2 * design.plan().alpha();
        String level = "-" + level(confidence);
        return switch (design.plan().grouping()) {
            case Grouping.None none -> independent(pairs, confidence, level);
            case Grouping.Clusters clusters -> clustered(pairs, confidence, level);
            case Grouping.Strata strata -> stratified(pairs, strata, confidence, level);
        };
    }

    private Fixed independent(List<PairRecord> pairs, double confidence, String level) {
        PairedTable table = table(pairs);
        if (table != null) {
            return new Fixed(Tango.interval(table, confidence), "tango" + level,
                    Tango.nonInferiority(table, design.margin()).p(),
                    SecondOpinions.newcombe(table, confidence, level));
        }
        if (pairs.size() < 2) {
            return Fixed.none("fewer than 2 items");
        }
        double[] differences = differences(pairs);
        if (sparse(differences)) {
            return betting(units(pairs));
        }
        PairedT t = PairedT.of(differences);
        return new Fixed(t.interval(confidence), "paired-t" + level, t.nonInferiorityP(design.margin()),
                SecondOpinions.bootstrap(differences, confidence, level));
    }

    private Fixed clustered(List<PairRecord> pairs, double confidence, String level) {
        double[] differences = differences(pairs);
        ClusteredMean mean = ClusteredMean.of(differences,
                pairs.stream().map(pair -> pair.clusterOrOwn()).toList());
        if (mean.clusters() < ClusteredMean.FEWEST_CLUSTERS) {
            return Fixed.none("fewer than " + ClusteredMean.FEWEST_CLUSTERS + " clusters");
        }
        double[] means = units(pairs).stream().mapToDouble(Unit::difference).toArray();
        if (sparse(means)) {
            return betting(units(pairs));
        }
        return new Fixed(mean.interval(confidence), "clustered-t" + level, mean.nonInferiorityP(design.margin()), null);
    }

    /** The judge put right by people; beside it, what the judge alone would say. */
    private Fixed corrected(List<PairRecord> pairs, SteadyPowered powered) {
        double confidence = 1 - 2 * design.plan().alpha();
        String level = "-" + level(confidence);
        return new Fixed(powered.interval(confidence), "ppi++" + level, powered.nonInferiorityP(design.margin()),
                new SecondOpinions("paired-t" + level + " of the judge alone",
                        PairedT.of(differences(pairs)).interval(confidence), null, false),
                powered.plain().estimate(), null, null);
    }

    /**
     * Whether the differences, or those that are not zero, are too few for their spread to say how sure one may be: a standard error
     * of almost nothing would claim almost everything.
     */
    private static boolean sparse(double[] differences) {
        double first = differences[0];
        long nonZero = 0;
        boolean equal = true;
        for (double difference : differences) {
            nonZero += difference == 0 ? 0 : 1;
            equal &= difference == first;
        }
        return equal || differences.length < FEWEST_SCORES
                || (nonZero < FEWEST_DIFFERING && 2 * nonZero < differences.length);
    }

    /** The interval that holds for any differences within [-1, 1], however few of them are not zero. */
    private Fixed betting(List<Unit> units) {
        double[] d = units.stream().mapToDouble(Unit::difference).toArray();
        double alpha = design.plan().alpha();
        PluginGro process = design.process();
        for (double difference : d) {
            process.add(difference);
        }
        return new Fixed(anytime(d, alpha), "anytime-" + level(1 - alpha), process.alwaysValidP(), null,
                null, null, d);
    }

    private Interval anytime(double[] d, double alpha) {
        double lower = PluginGro.lowerBound(d, design.margin(), alpha, PluginGro.Parameters.STANDARD);
        double upper = PluginGro.upperBound(d, design.margin(), alpha, PluginGro.Parameters.STANDARD);
        return new Interval(lower, Math.max(lower, upper));
    }

    /** A level as people write it: 90, 95, 97.5. */
    private static String level(double confidence) {
        return BigDecimal.valueOf(100 * confidence)
                .setScale(4, RoundingMode.HALF_EVEN)
                .stripTrailingZeros()
                .toPlainString();
    }

    /** What is drawn independently of the others: an item, or a group of items by its mean. */
    private record Unit(List<PairRecord> pairs) {

        double difference() {
            return pairs.stream().mapToDouble(PairRecord::difference).average().orElse(0);
        }
    }

    /**
     * In the order of the hash of the design's seed with the item's id or the cluster's own name; a cluster comes before an item of
     * no cluster whose id is its name.
     */
    private List<Unit> units(List<PairRecord> pairs) {
        if (!clustered()) {
            return Order.seeded(pairs, PairRecord::id, design.orderSeed())
                    .stream()
                    .map(pair -> new Unit(List.of(pair)))
                    .toList();
        }
        Map<String, List<PairRecord>> byCluster = new TreeMap<>();
        pairs.forEach(pair -> byCluster.computeIfAbsent(pair.clusterOrOwn(), key -> new ArrayList<>())
                .add(pair));
        List<Unit> units = byCluster.values().stream().map(Unit::new).toList();
        return Order.seeded(units, unit -> unit.pairs().getFirst().drawnAs(), design.orderSeed());
    }

    private Fixed stratified(List<PairRecord> pairs, Grouping.Strata strata, double confidence, String level) {
        long discordant = pairs.stream().filter(pair -> pair.difference() != 0).count();
        Map<String, List<Double>> byStratum = new LinkedHashMap<>();
        pairs.forEach(pair -> byStratum.computeIfAbsent(String.valueOf(pair.stratum()), key -> new ArrayList<>())
                .add(pair.difference()));
        boolean enough = discordant >= FEWEST_DISCORDANT
                && byStratum.values().stream().allMatch(values -> values.size() >= 2);
        StratifiedMean mean = enough ? StratifiedMean.of(strata(byStratum, strata)) : null;
        if (mean != null && mean.standardError() > NO_SPREAD) {
            double square = mean.standardError() * mean.standardError() * pairs.size() + mean.mean() * mean.mean();
            return new Fixed(mean.interval(confidence), "stratified-normal" + level,
                    mean.nonInferiorityP(design.margin()), null, null, square, null);
        }
        // With shares by items the estimate is the plain one, and Tango's variance is never smaller than the stratified.
        return strata.weights().isEmpty()
                ? independent(pairs, confidence, level)
                : Fixed.none("fewer than " + FEWEST_DISCORDANT + " discordant items or 2 in a stratum, or no spread");
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
        List<Unit> units = new ArrayList<>();
        Outcome outcome = Outcome.INCONCLUSIVE;
        for (Unit unit : units(usable)) {
            units.add(unit);
            used.addAll(unit.pairs());
            outcome = process.add(unit.difference());
            if (outcome != Outcome.INCONCLUSIVE) {
                break;
            }
        }
        double[] d = units.stream().mapToDouble(Unit::difference).toArray();
        double alpha = design.plan().alpha();
        Interval interval = anytime(d, alpha);
        JudgedByPeople people = JudgedByPeople.of(used, design);
        if (outcome == Outcome.NON_INFERIOR && interval.lower() > 0) {
            outcome = Outcome.SUPERIOR;
        }
        return new Answer(used, new Verdict.Quality(
                clustered() ? Arrays.stream(d).average().orElse(0) : estimate(used), bounds(interval),
                "anytime-" + level(1 - alpha) + (clustered() ? " of cluster means" : ""), 1 - 2 * alpha,
                process.alwaysValidP(), descriptive(used), process.logNonInferior(), process.logInferior(),
                used.size(), outcome,
                outcome == Outcome.INCONCLUSIVE ? new ItemsNeeded(design).sequential(used, d, estimate(used)) : null,
                null,
                people == null ? null : people.labels()));
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
