package dev.pareto.proxy.cli.eval;

import dev.pareto.evals.report.RunReport;
import dev.pareto.evals.run.Run;
import dev.pareto.evals.run.RunListener;
import dev.pareto.evals.suite.Suite;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import dev.pareto.proxy.cli.terminal.Terminal;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
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

    @Override
    public Integer call() throws IOException, InterruptedException {
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        Suite suite = options.read();
        try (GatewayClient gateway = options.connect(where);
                var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            RunListener progress = new EvalProgress(err, Terminal.watched());
            Run run = options.runner(gateway, where.folder().resolve("runs"), workers)
                    .run(suite, gateway.contestant(model), options.settings(), progress);
            var report = new RunReport(run, options.examples());
            out.println(options.json() ? report.json().toString() : report.text());
            return run.stop() == Run.Stop.COMPLETE ? 0 : 1;
        }
    }
}
