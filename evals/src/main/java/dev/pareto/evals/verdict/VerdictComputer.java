package dev.pareto.evals.verdict;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.run.Comparison;
import dev.pareto.evals.run.ItemOutcome;
import dev.pareto.evals.run.Run;
import dev.pareto.evals.run.StoredAnswer;
import dev.pareto.evals.stats.paired.PairedTable;
import dev.pareto.evals.stats.sequential.PluginGro;
import dev.pareto.evals.suite.Grouping;
import dev.pareto.evals.suite.GuardPlan;
import dev.pareto.evals.suite.InputFeatures;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.swap.Outcome;

import org.jspecify.annotations.Nullable;

/** From paired records to a verdict. Deterministic: equal records, design and context give an equal verdict. */
public final class VerdictComputer {

    /** More missing pairs than this share make the data unusable. */
    public static final double MOST_MISSING = 0.02;
    /** Evidence this old says little about a model behind an API. */
    public static final Duration VALIDITY = Duration.ofDays(30);

    /**
     * The verdict of a comparison; its records are written beside.
     *
     * @param recordsFile where the paired records go
     * @param previousSha256 hash of the newest verdict on file; null for the first
     */
    public Verdict compute(Comparison comparison, Design design, Path recordsFile, Instant now,
            @Nullable String previousSha256) throws IOException {
        return compute(comparison, design, null, null, recordsFile, now, previousSha256);
    }

    /**
     * Likewise, beside what the incumbent does by itself and what people say of some of the answers.
     *
     * @param noise the incumbent asked twice; null when it was not
     * @param labels people's word; null when nobody was asked
     */
    public Verdict compute(Comparison comparison, Design design, @Nullable SelfComparison noise,
            @Nullable LabelFile labels, Path recordsFile, Instant now, @Nullable String previousSha256)
            throws IOException {
        List<PairRecord> records = PairRecord.of(comparison);
        if (labels != null) {
            records = labels.onto(records);
        }
        String sha = RecordFile.write(recordsFile, records);
        Integer most = comparison.suite().decision().nMax();
        int all = comparison.suite().items().size();
        boolean enough = comparison.candidate().stop() == Run.Stop.ENOUGH;
        int planned = enough ? records.size() : most == null ? all : Math.min(most, all);
        VerdictContext context = new VerdictContext(comparison.suite().route(),
                new Verdict.SuiteRef(comparison.suite().id(), comparison.suite().version()),
                subject(comparison.incumbent()), subject(comparison.candidate()), planned, invalid(comparison),
                beforeData(design, comparison), recordsFile.toString(), sha, now, previousSha256,
                noise == null ? null : noise.floor(), comparison.secondsPerPair(),
                InputFeatures.of(comparison.suite(),
                        comparison.candidate().outcomes().stream().map(ItemOutcome::item).toList()));
        return compute(records, design, context);
    }

    /** The verdict of records from elsewhere: no route, no models, no guards that were demanded. */
    public Verdict fromRecords(Path recordsFile, Design design, Instant now) throws IOException {
        return fromRecords(RecordFile.content(recordsFile), recordsFile, design, now);
    }

    /** Likewise, of records that were read from there already. */
    public Verdict fromRecords(RecordFile.Content read, Path recordsFile, Design design, Instant now) {
        List<PairRecord> records = read.records();
        VerdictContext context = new VerdictContext(null, new Verdict.SuiteRef("records", null),
                new Verdict.Subject("incumbent", null, List.of(), simulated(records, PairRecord::incumbent), null),
                new Verdict.Subject("candidate", null, List.of(), simulated(records, PairRecord::candidate), null),
                records.size(), List.of(), null, recordsFile.toString(), read.sha256(), now, null);
        return compute(records, design, context);
    }

    private static boolean simulated(List<PairRecord> records, Function<PairRecord, PairRecord.Side> side) {
        return records.stream()
                .map(record -> side.apply(record).served())
                .anyMatch(served -> served != null && served.simulated());
    }

    Verdict compute(List<PairRecord> records, Design design, VerdictContext context) {
        List<PairRecord> usable = records.stream().filter(PairRecord::usable).toList();
        if (usable.isEmpty()) {
            throw new IllegalArgumentException("no item has an answer of the incumbent that could be graded");
        }
        QualityTest.Answer answer = new QualityTest(design).assess(usable);
        List<PairRecord> used = answer.used();
        int missing = Math.max(0, context.planned() - usable.size());
        List<String> invalid = new ArrayList<>(context.invalid());
        if (missing > MOST_MISSING * context.planned()) {
            invalid.add(missing + " of " + context.planned() + " items are missing, more than 2 %");
        }
        String insensitive = new AssaySensitivity(design).problem(used, answer.quality().verdict());
        if (insensitive != null) {
            invalid.add(insensitive);
        }
        Verdict.NoiseFloor noise = context.noiseFloor();
        if (noise != null && noise.unstable()) {
            invalid.add("the incumbent differs from itself: asked twice, its second answers to " + noise.n()
                    + " items scored " + Sentence.points(noise.diff()) + " points apart");
        }
        Verdict.Quality quality = invalid.isEmpty() ? answer.quality() : invalidated(answer.quality());
        List<Verdict.Guard> guards = new Guards(design.plan().alpha(), used).assess(design.plan().guards());
        List<Verdict.Slice> slices = new Slices(design).assess(used);
        Verdict.Economics economics = economics(used, quality);
        Verdict.Subject candidate = scored(context.candidate(),
                used.stream().mapToDouble(PairRecord::candidateScore).average().orElse(0));
        Verdict.Subject incumbent = scored(context.incumbent(),
                used.stream().mapToDouble(PairRecord::incumbentScore).average().orElse(0));
        boolean simulated = candidate.simulated() || incumbent.simulated();
        Verdict.More more = more(used, quality, context.secondsPerPair());
        Verdict.Decision decision = new Decisions(design).decide(quality, guards, slices, invalid,
                context.preregisteredBeforeData());
        String id = CanonicalJson
                .sha256(design.sha256() + context.recordsSha256() + context.created() + candidate.model()
                        + incumbent.model())
                .substring(0, 16);
        Verdict verdict = new Verdict(Verdict.SCHEMA, id, context.created(), context.created().plus(VALIDITY),
                context.route(), context.suite(), incumbent, candidate, block(design, context),
                data(used, missing, context), quality, guards, slices, decision, economics, noise, more,
                context.inputs(), simulated,
                new Sentence(design.margin()).of(candidate, incumbent, context.suite().id(), used.size(), quality,
                        decision, economics, more, clusters(design, used, more), simulated),
                context.previousSha256(), null);
        return VerdictJson.sealed(verdict);
    }

    private static Verdict.Data data(List<PairRecord> used, int missing, VerdictContext context) {
        PairedTable table = QualityTest.table(used);
        double discordant = used.stream().filter(pair -> pair.difference() != 0).count();
        return new Verdict.Data(used.size(), missing,
                (int) used.stream().filter(pair -> pair.candidate().score() == null).count(),
                table == null ? null : (Integer) table.both(), table == null ? null : (Integer) table.onlyCandidate(),
                table == null ? null : (Integer) table.onlyIncumbent(),
                table == null ? null : (Integer) table.neither(), discordant / used.size(), context.recordsPath(),
                context.recordsSha256(), context.planned());
    }

    /** In how many groups the items would come; null when they are no groups. */
    private static @Nullable Long clusters(Design design, List<PairRecord> used, Verdict.@Nullable More more) {
        if (more == null || !(design.plan().grouping() instanceof Grouping.Clusters)) {
            return null;
        }
        long groups = used.stream().map(PairRecord::clusterOrOwn).distinct().count();
        return Math.ceilDiv(more.items() * groups, (long) used.size());
    }

    /** What would decide, at the mean cost of the pairs so far. */
    private static Verdict.@Nullable More more(List<PairRecord> used, Verdict.Quality quality,
            @Nullable Double secondsPerPair) {
        Long needed = quality.itemsNeeded();
        if (needed == null) {
            return null;
        }
        long items = needed - used.size();
        Money spent = null;
        for (PairRecord pair : used) {
            Money x = pair.candidate().cost();
            Money y = pair.incumbent().cost();
            if (x == null || y == null || !x.currency().equals(y.currency())
                    || (spent != null && !spent.currency().equals(x.currency()))) {
                return new Verdict.More(items, null, null, seconds(items, secondsPerPair));
            }
            spent = spent == null ? x.plus(y) : spent.plus(x).plus(y);
        }
        return new Verdict.More(items,
                spent == null
                        ? null
                        : Money.plain(spent.amount()
                                .multiply(BigDecimal.valueOf(items))
                                .divide(BigDecimal.valueOf(used.size()), 6, RoundingMode.HALF_EVEN)),
                spent == null ? null : spent.currency(), seconds(items, secondsPerPair));
    }

    private static @Nullable Long seconds(long items, @Nullable Double perPair) {
        return perPair == null ? null : (Long) Math.round(items * perPair);
    }

    private static Verdict.DesignBlock block(Design design, VerdictContext context) {
        PluginGro.Parameters gro = PluginGro.Parameters.STANDARD;
        boolean sequential = design.test() == Design.Test.SEQUENTIAL;
        return new Verdict.DesignBlock(design.margin(), design.marginBasis(), design.plan().alpha(),
                sequential ? "paired-gro-eprocess/1" : "fixed-n/1",
                sequential ? new Verdict.GroParams(gro.v0(), gro.k0(), gro.truncation()) : null, design.plan().nMin(),
                design.plan().nMax(), design.orderSeed(), design.grouping(), design.preregisteredAt(),
                context.preregisteredBeforeData(), money(design.breakEven()), weights(design),
                design.plan().falseDiscoveryRate(), design.plan().criticalStrata(),
                design.plan().guards().stream().map(VerdictComputer::demand).toList(), design.sha256());
    }

    private static Verdict.Demand demand(GuardPlan plan) {
        return new Verdict.Demand(plan.metric(), plan.max(), plan.maxRatio(), plan.nonInferiorityMargin(),
                plan.ceiling());
    }

    private static @Nullable Map<String, Double> weights(Design design) {
        return design.plan().grouping() instanceof Grouping.Strata strata && !strata.weights().isEmpty()
                ? new TreeMap<>(strata.weights())
                : null;
    }

    private static Verdict.@Nullable BreakEvenBlock money(@Nullable BreakEven money) {
        return money == null
                ? null
                : new Verdict.BreakEvenBlock(Money.plain(money.incumbentCost()), Money.plain(money.candidateCost()),
                        Money.plain(money.failCost()), money.point());
    }

    private static Verdict.Quality invalidated(Verdict.Quality q) {
        return new Verdict.Quality(q.diff(), q.interval(), q.intervalKind(), q.confidence(), q.pNonInferior(),
                q.descriptive(), q.logENoninferior(), q.logEInferior(), q.stoppedAt(), Outcome.INVALID, null,
                q.secondOpinion(), q.human());
    }

    private static List<String> invalid(Comparison comparison) {
        List<String> reasons = new ArrayList<>();
        switch (comparison.candidate().stop()) {
            case COMPLETE, ENOUGH -> {
            }
            case SPEND_CAP -> reasons.add("the run stopped at its spend cap");
            case SPEND_UNKNOWN -> reasons.add("the run stopped because a cost was unknown and there is a spend cap");
            case FAILING -> reasons.add("the run stopped because call after call failed");
        }
        reasons.addAll(comparison.suite()
                .gateProblems(comparison.candidate().key().model(), comparison.incumbent().key().model()));
        Set<String> served = comparison.candidate().servedFingerprints();
        String declared = comparison.candidate().key().fingerprint();
        if (served.size() > 1) {
            reasons.add("the candidate's serving changed during the run: " + served);
        } else if (declared != null && !served.isEmpty() && !served.contains(declared)) {
            reasons.add("the candidate was served by " + served + ", and " + declared + " was to be asked");
        }
        return reasons;
    }

    private static @Nullable Boolean beforeData(Design design, Comparison comparison) {
        Instant written = design.preregisteredAt();
        if (written == null) {
            return null;
        }
        return Stream.of(comparison.candidate(), comparison.incumbent())
                .flatMap(run -> run.outcomes().stream())
                .map(outcome -> outcome.answer())
                .filter(Objects::nonNull)
                .map(StoredAnswer::at)
                .noneMatch(at -> at.isBefore(written));
    }

    private static Verdict.Subject subject(Run run) {
        String declared = run.key().fingerprint();
        List<String> served = List.copyOf(run.servedFingerprints());
        return new Verdict.Subject(run.key().model().toString(),
                declared != null ? declared : served.size() == 1 ? served.getFirst() : null,
                List.copyOf(run.servedModels()), run.simulated(), null);
    }

    private static Verdict.Subject scored(Verdict.Subject subject, double accuracy) {
        return new Verdict.Subject(subject.model(), subject.fingerprint(), subject.servedModels(),
                subject.simulated(), accuracy);
    }

    /** Null when the cost of any answer is unknown. */
    private static Verdict.@Nullable Economics economics(List<PairRecord> used, Verdict.Quality quality) {
        Money candidate = null;
        Money incumbent = null;
        for (PairRecord pair : used) {
            Money x = pair.candidate().cost();
            Money y = pair.incumbent().cost();
            if (x == null || y == null || !x.currency().equals(y.currency())
                    || (candidate != null && !candidate.currency().equals(x.currency()))) {
                return null;
            }
            candidate = candidate == null ? x : candidate.plus(x);
            incumbent = incumbent == null ? y : incumbent.plus(y);
        }
        if (candidate == null || incumbent == null) {
            return null;
        }
        Money saving = incumbent.minus(candidate);
        Verdict.Bounds interval = quality.interval();
        return new Verdict.Economics(candidate.currency(), per1k(incumbent, used.size()),
                per1k(candidate, used.size()), per1k(saving, used.size()),
                incumbent.amount().signum() == 0
                        ? null
                        : (Double) (saving.amount().doubleValue() / incumbent.amount().doubleValue()),
                interval == null ? null : (Double) (1000 * Math.max(0, -interval.lower())));
    }

    private static String per1k(Money total, int n) {
        return Money.plain(total.amount()
                .multiply(BigDecimal.valueOf(1000))
                .divide(BigDecimal.valueOf(n), 6, RoundingMode.HALF_EVEN));
    }
}
