package dev.pareto.proxy.cli.eval;

import dev.pareto.evals.report.ComparisonReport;
import dev.pareto.evals.run.Comparison;
import dev.pareto.evals.run.Contestant;
import dev.pareto.evals.run.PairMonitor;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.verdict.Design;
import dev.pareto.evals.verdict.Preregistration;
import dev.pareto.evals.verdict.SequentialMonitor;
import dev.pareto.evals.verdict.Verdict;
import dev.pareto.evals.verdict.VerdictComputer;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import dev.pareto.proxy.cli.terminal.Terminal;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
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

    @Option(names = "--sequential", description = "stop as soon as the evidence suffices")
    private boolean sequential;

    @Option(names = "--no-record", negatable = true, description = "do not file the verdict with the gateway")
    private boolean unrecorded;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        Suite suite = options.read();
        try (GatewayClient gateway = options.connect(where)) {
            var report = compare(gateway, suite);
            out.println(options.json() ? report.json().toString() : report.text());
            if (unrecorded || options.partial()) {
                err.println("Not filed: " + (unrecorded ? "you asked for that." : "a part of a suite is no evidence."));
            } else {
                gateway.record(report.verdict());
                err.println("Filed as verdict " + report.verdict().id() + "; routing obeys it from now on.");
            }
            return 0;
        }
    }

    private ComparisonReport compare(GatewayClient gateway, Suite suite) throws IOException, InterruptedException {
        var err = spec.commandLine().getErr();
        Path runs = where.folder().resolve("runs");
        Contestant challenger = gateway.contestant(candidate);
        Contestant holder = gateway.contestant(baseline);
        Design design = new Preregistration(runs.resolve(suite.id()), InstantSource.system())
                .register(design(suite), suite.version() + " " + challenger + " " + holder);
        err.printf(Locale.ROOT, "%s against %s on %s (%d items), margin %.1f points, written down at %s%n", candidate,
                baseline, suite.id(), suite.items().size(), design.margin() * 100, design.preregisteredAt());
        String previous = gateway.newestHash();
        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            Comparison comparison = options.runner(gateway, runs, workers)
                    .compare(suite, challenger, holder,
                            options.settings(), new EvalProgress(err, Terminal.watched()),
                            sequential ? new SequentialMonitor(design) : PairMonitor.ALL_ITEMS);
            Instant now = Instant.now();
            Path records = runs.resolve(suite.id()).resolve("records-" + now.getEpochSecond() + ".jsonl");
            Verdict verdict = new VerdictComputer().compute(comparison, design, records, now, previous);
            return new ComparisonReport(comparison, verdict, options.examples());
        }
    }

    private Design design(Suite suite) {
        try {
            return Design.of(suite.decision(), margin, sequential ? Design.Test.SEQUENTIAL : Design.Test.FIXED);
        } catch (IllegalArgumentException unusable) {
            throw new UsageException(String.valueOf(unusable.getMessage()), unusable);
        }
    }
}
