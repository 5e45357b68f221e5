package dev.pareto.proxy.cli.eval;

import dev.pareto.evals.journal.RunHeader;
import dev.pareto.evals.journal.RunJournal;
import dev.pareto.evals.report.JUnitXml;
import dev.pareto.evals.report.RunLines;
import dev.pareto.evals.report.RunReport;
import dev.pareto.evals.run.Contestant;
import dev.pareto.evals.run.EvalRunner;
import dev.pareto.evals.run.Run;
import dev.pareto.evals.run.RunListener;
import dev.pareto.evals.suite.Suite;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import dev.pareto.proxy.cli.terminal.Terminal;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "run", description = "Puts a suite to one model through the gateway; resumes where it was stopped.",
        mixinStandardHelpOptions = true)
final class EvalRunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private EvalOptions options;

    @Mixin
    private GatewayOptions where;

    @Option(names = "--model", required = true, description = "a model of the catalogue, e.g. local/support-desk")
    private ModelId model;

    @Option(names = "--junit", paramLabel = "FILE", description = "also write the run as JUnit XML")
    private @Nullable Path junit;

    @Option(names = "--jsonl", paramLabel = "FILE",
            description = "also write every answer and its grades, one JSON object a line")
    private @Nullable Path jsonl;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        Suite suite = options.read();
        EvalOptions.requireOtherFamilies(suite, model);
        try (GatewayClient gateway = options.connect(where);
                var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            Path runs = where.folder().resolve("runs");
            Contestant contestant = gateway.contestant(model);
            options.requirePriced(gateway, suite, List.of(model));
            Run run = run(suite, contestant, runs, options.runner(gateway, runs, workers),
                    new EvalProgress(err, Terminal.watched(), suite.keyed()));
            UsageException denied = EvalOptions.denied(suite, run);
            if (denied != null) {
                throw denied;
            }
            export(suite, run);
            var report = new RunReport(run, options.examples(), suite.keyed());
            out.println(options.json() ? report.json().toString() : report.text());
            return run.stop() == Run.Stop.COMPLETE ? 0 : 1;
        }
    }

    /** The pages follow it by its journal. */
    private Run run(Suite suite, Contestant contestant, Path runs, EvalRunner runner, RunListener progress)
            throws IOException, InterruptedException {
        RunHeader header = RunHeader.of(suite, options.folder(), List.of(contestant), null, false, Instant.now());
        try (RunJournal journal = RunJournal.begin(runs, header, List.of(contestant), progress,
                InstantSource.system())) {
            Run run = runner.run(suite, contestant, options.settings(), journal);
            journal.end(run.stop(), null);
            return run;
        }
    }

    private void export(Suite suite, Run run) throws IOException {
        if (jsonl != null) {
            try (Writer lines = Files.newBufferedWriter(jsonl)) {
                new RunLines(run).write(lines);
            }
        }
        if (junit != null) {
            try (Writer xml = Files.newBufferedWriter(junit)) {
                new JUnitXml(suite, run).write(xml);
            } catch (XMLStreamException failure) {
                throw new IOException("the JUnit report could not be written to " + junit, failure);
            }
        }
    }
}
