package dev.pareto.proxy.cli.eval;

import dev.pareto.evals.journal.RunHeader;
import dev.pareto.evals.journal.RunJournal;
import dev.pareto.evals.report.ComparisonReport;
import dev.pareto.evals.run.Comparison;
import dev.pareto.evals.run.Contestant;
import dev.pareto.evals.run.EvalRunner;
import dev.pareto.evals.run.PairMonitor;
import dev.pareto.evals.run.Run;
import dev.pareto.evals.run.RunListener;
import dev.pareto.evals.run.RunSettings;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.verdict.BreakEven;
import dev.pareto.evals.verdict.Design;
import dev.pareto.evals.verdict.LabelFile;
import dev.pareto.evals.verdict.Preregistration;
import dev.pareto.evals.verdict.SelfComparison;
import dev.pareto.evals.verdict.SequentialMonitor;
import dev.pareto.evals.verdict.Verdict;
import dev.pareto.evals.verdict.VerdictComputer;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;
import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import dev.pareto.proxy.cli.terminal.Terminal;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "compare", mixinStandardHelpOptions = true, description = {
        "Asks whether a candidate is good enough to take a baseline's place, and files the verdict.",
        "The margin is written down before the first question is asked."})
final class EvalCompareCommand implements Callable<Integer> {

    /** Calls of each model from which their cost is learnt; also the number of that asking. */
    private static final int PILOT = 20;
    private static final int MOST_TRIES = 5;

    @Spec
    private CommandSpec spec;

    @Mixin
    private EvalOptions options;

    @Mixin
    private GatewayOptions where;

    @Option(names = "--candidate", required = true, description = "the model that would take the place")
    private ModelId candidate;

    @Option(names = "--baseline", required = true, description = "the model that holds it")
    private ModelId baseline;

    @Option(names = "--margin",
            description = "how much worse is still good enough, 0.03 for 3 points (default: the suite's)")
    private @Nullable Double margin;

    @Option(names = "--fail-cost", paramLabel = "USD",
            description = "what a wrong answer costs: the margin follows from it and from what a few calls of both cost")
    private @Nullable BigDecimal failCost;

    @Option(names = "--noise-floor", paramLabel = "ITEMS", defaultValue = "50",
            description = "ask the baseline so many items twice first, to see what it does by itself; 0 for none"
                    + " (default: ${DEFAULT-VALUE})")
    private int noiseFloor;

    @Option(names = "--labels", paramLabel = "LABELS.jsonl",
            description = "people's marks of some of the answers, drawn at random: {\"id\", \"candidate\", \"incumbent\"} a line,"
                    + " or the records of an earlier verdict with \"human\" beside some scores; they put the judge right")
    private @Nullable Path labels;

    @Option(names = "--sequential", description = "stop as soon as the evidence suffices")
    private boolean sequential;

    @Option(names = "--no-record", negatable = true, description = "do not file the verdict with the gateway")
    private boolean unrecorded;

    /** Why the gateway did not take the verdict; null when it did. */
    private @Nullable UsageException unfiled;

    /** How the next questions are asked: the cap is of the whole command. */
    private RunSettings left = RunSettings.DEFAULT;

    /** Who answered without anybody knowing what that cost. */
    private final Set<ModelId> unpriced = new LinkedHashSet<>();

    /** What was paid before the run itself: for the margin, for the first item, for the noise floor. */
    private @Nullable Money beside;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        Suite suite = options.read();
        requireSense(suite);
        try (GatewayClient gateway = options.connect(where)) {
            ComparisonReport report = compare(gateway, suite);
            boolean ended = ended(report.comparison());
            out.println(options.json() ? report.json().toString() : report.text());
            if (unfiled != null) {
                throw unfiled;
            }
            if (!ended) {
                err.println(
                        "Not filed: the run stopped early. The same command goes on from there and asks nothing twice.");
            } else if (unrecorded || options.partial()) {
                err.println("Not filed: " + (unrecorded ? "you asked for that." : "a part of a suite is no evidence."));
            } else {
                err.println("Filed as verdict " + report.verdict().id() + "; routing obeys it from now on.");
            }
            return ended ? 0 : 1;
        }
    }

    /** What could only end as no verdict is refused before anything is asked. */
    private void requireSense(Suite suite) {
        if (margin != null && failCost != null) {
            throw new UsageException("state either --margin or --fail-cost");
        }
        if (margin != null && !(margin > 0 && margin < 1)) {
            throw new UsageException("--margin " + margin + " is not within (0, 1): write 0.03 for 3 points");
        }
        if (failCost != null && failCost.signum() <= 0) {
            throw new UsageException("--fail-cost " + failCost + ": a wrong answer costs something, in USD");
        }
        if (noiseFloor < 0) {
            throw new UsageException("--noise-floor " + noiseFloor + ": write how many items, 0 for none");
        }
        if (labels != null && !Files.isRegularFile(labels)) {
            throw new UsageException("there is no file " + labels);
        }
        if (candidate.equals(baseline)) {
            throw new UsageException("--candidate and --baseline are one model, " + candidate
                    + "; name two (eval run --model asks one by itself)");
        }
        EvalOptions.requireOtherFamilies(suite, candidate, baseline);
        List<String> problems = suite.gateProblems(candidate, baseline);
        if (!problems.isEmpty() && !unrecorded) {
            throw new UsageException("no verdict could come of it: " + String.join("; ", problems)
                    + "; eval calibrate makes a calibration, and --no-record compares without one");
        }
    }

    private ComparisonReport compare(GatewayClient gateway, Suite suite) throws IOException, InterruptedException {
        var err = spec.commandLine().getErr();
        Path runs = where.folder().toAbsolutePath().normalize().resolve("runs");
        Contestant challenger = gateway.contestant(candidate);
        Contestant holder = gateway.contestant(baseline);
        options.requirePriced(gateway, suite, List.of(candidate, baseline));
        LabelFile marks = labels == null ? null : LabelFile.read(labels);
        left = options.settings();
        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            EvalRunner runner = options.runner(gateway, runs, workers);
            Design design = new Preregistration(runs.resolve(suite.id()), InstantSource.system())
                    .register(design(suite, runner, challenger, holder),
                            suite.version() + " " + challenger + " " + holder);
            err.printf(Locale.ROOT, "%s against %s on %s (%d items), margin %.1f points, written down at %s%n",
                    candidate, baseline, suite.id(), suite.items().size(), design.margin() * 100,
                    design.preregisteredAt());
            List<Contestant> both = List.of(challenger, holder);
            RunHeader header = RunHeader.of(suite, options.folder(), both, design.margin(), sequential, Instant.now());
            try (RunJournal journal = RunJournal.begin(runs, header, both, new EvalProgress(err,
                    Terminal.watched(), suite.keyed()),
                    InstantSource.system())) {
                journal.paidBeside(beside);
                meet(runner, suite, challenger, holder, journal);
                SelfComparison noise = noise(runner, suite, holder, design, journal);
                Comparison comparison = runner.compare(suite, challenger, holder, left, journal,
                        sequential ? new SequentialMonitor(design, suite.items().size()) : PairMonitor.ALL_ITEMS);
                tell(comparison);
                requireLetIn(comparison, journal);
                requireScores(comparison);
                Verdict verdict = verdict(gateway, comparison, design, noise, marks, runs.resolve(suite.id()));
                journal.end(comparison, verdict.id());
                return new ComparisonReport(comparison, verdict, options.examples());
            }
        }
    }

    private static boolean ended(Comparison comparison) {
        Run.Stop stop = comparison.candidate().stop();
        return stop == Run.Stop.COMPLETE || stop == Run.Stop.ENOUGH;
    }

    /** The verdict, on file where it is to be: made anew while others are filed between its making and its filing. */
    private Verdict verdict(GatewayClient gateway, Comparison comparison, Design design, @Nullable SelfComparison noise,
            @Nullable LabelFile marks, Path folder) throws IOException, InterruptedException {
        for (int tries = 1;; tries++) {
            Instant now = Instant.now();
            Path records = folder.resolve("records-" + now.toEpochMilli() + ".jsonl");
            Verdict verdict = new VerdictComputer().compute(comparison, design, noise, marks, records, now,
                    gateway.newestHash());
            if (!ended(comparison) || unrecorded || options.partial()) {
                return verdict;
            }
            try {
                if (gateway.record(verdict)) {
                    return verdict;
                }
            } catch (UsageException refused) {
                unfiled = refused;
                return verdict;
            }
            Files.delete(records);
            if (tries == MOST_TRIES) {
                throw new UsageException("other verdicts are filed all the time; run the same command again, it asks"
                        + " nothing twice");
            }
        }
    }

    /** One item first, whose answers count: a vendor that lets nobody in is found out before anything else is paid. */
    private void meet(EvalRunner runner, Suite suite, Contestant challenger, Contestant holder, RunJournal journal)
            throws IOException, InterruptedException {
        Comparison first = runner.compare(EvalRunner.first(suite, 1, left), challenger, holder, left, journal.beside(),
                PairMonitor.ALL_ITEMS);
        requireLetIn(first, journal);
        paid(first);
    }

    private static void requireLetIn(Comparison comparison, RunJournal journal) {
        for (Run run : List.of(comparison.candidate(), comparison.incumbent())) {
            UsageException denied = EvalOptions.denied(comparison.suite(), run);
            if (denied != null) {
                journal.end(Run.Stop.DENIED, null);
                throw denied;
            }
        }
    }

    private void paid(Comparison before) {
        Money spent = before.spent();
        unpriced.addAll(before.unpriced());
        left = left.after(spent);
        beside = beside == null || spent == null ? (beside == null ? spent : beside) : beside.plus(spent);
    }

    /** Of a model that never answered nothing can be said but why. */
    private static void requireScores(Comparison comparison) {
        for (Run run : List.of(comparison.candidate(), comparison.incumbent())) {
            if (run.scores().isEmpty()) {
                throw new UsageException("no answer of " + run.key().model() + " could be graded"
                        + comparison.failures().keySet().stream().findFirst().map(why -> ": " + why).orElse("")
                        + "; nothing was filed");
            }
        }
    }

    private void tell(Comparison comparison) {
        int asked = comparison.candidate().outcomes().size() + comparison.incumbent().outcomes().size()
                - comparison.candidate().reused() - comparison.incumbent().reused();
        double seconds = Duration.between(comparison.candidate().startedAt(), comparison.candidate().endedAt())
                .toMillis()
                / 1e3;
        Runtime memory = Runtime.getRuntime();
        spec.commandLine()
                .getErr()
                .printf(Locale.ROOT, "%,d calls in %.1f s (%.2f ms each), %d MB in use%n", asked, seconds,
                        asked == 0 ? 0 : 1e3 * seconds / asked, (memory.totalMemory() - memory.freeMemory()) >> 20);
        Money before = beside;
        paid(comparison);
        if (beside != null) {
            spec.commandLine()
                    .getErr()
                    .println("Paid " + beside + (before == null || before.amount().signum() == 0
                            ? ""
                            : ", of these " + before + " before the run itself (noise floor)"));
        }
        unpriced.forEach(model -> spec.commandLine()
                .getErr()
                .println("What the calls to " + model + " cost is not known, so it is in no sum: " + model
                        + " has no price in pareto.yaml, or its vendor tells no usage"));
    }

    /** The baseline against itself: a figure to hold a difference against, and how many items it will take at least. */
    private @Nullable SelfComparison noise(EvalRunner runner, Suite suite, Contestant holder, Design design,
            RunJournal journal) throws IOException, InterruptedException {
        if (noiseFloor <= 0) {
            return null;
        }
        Comparison twice = runner.twice(suite, holder, noiseFloor, left, journal.beside());
        paid(twice);
        SelfComparison noise = new SelfComparison(twice.incumbent(), twice.candidate());
        Verdict.NoiseFloor floor = noise.floor();
        if (floor.n() == 0) {
            return null;
        }
        spec.commandLine()
                .getErr()
                .printf(Locale.ROOT, "%s asked twice: another mark on %d of %d items (%.1f %%); at least %d items can"
                        + " decide at this margin%n", baseline, floor.differing(), floor.n(), floor.share() * 100,
                        noise.fewestItems(design));
        return noise;
    }

    private Design design(Suite suite, EvalRunner runner, Contestant challenger, Contestant holder)
            throws IOException, InterruptedException {
        Design.Test test = sequential ? Design.Test.SEQUENTIAL : Design.Test.FIXED;
        BigDecimal wrong = failCost != null ? failCost : margin == null ? suite.decision().failCostUsd() : null;
        try {
            return wrong == null
                    ? Design.of(suite.decision(), margin, test)
                    : Design.of(suite.decision(), breakEven(suite, runner, challenger, holder, wrong), test);
        } catch (IllegalArgumentException unusable) {
            throw new UsageException(String.valueOf(unusable.getMessage()), unusable);
        }
    }

    /** What a call costs is learnt from a few that count for nothing else, before the margin is written down. */
    private BreakEven breakEven(Suite suite, EvalRunner runner, Contestant challenger, Contestant holder,
            BigDecimal wrong) throws IOException, InterruptedException {
        Comparison pilot = runner.compare(EvalRunner.first(suite, PILOT, left), challenger.again(PILOT),
                holder.again(PILOT), left, RunListener.SILENT, PairMonitor.ALL_ITEMS);
        paid(pilot);
        for (Run run : List.of(pilot.candidate(), pilot.incumbent())) {
            UsageException denied = EvalOptions.denied(suite, run);
            if (denied != null) {
                throw denied;
            }
        }
        return new BreakEven(mean(pilot.incumbent()), mean(pilot.candidate()), wrong,
                "mean costs of " + pilot.incumbent().answers().size() + " calls of each made for that alone");
    }

    private static BigDecimal mean(Run run) {
        Money cost = run.cost();
        if (cost == null || !cost.currency().equals("USD")) {
            throw new UsageException("what a call to " + run.key().model()
                    + " costs in USD is not known, so no margin follows from it; state --margin");
        }
        return cost.amount().divide(BigDecimal.valueOf(run.answers().size()), Money.SCALE, RoundingMode.HALF_EVEN);
    }
}
