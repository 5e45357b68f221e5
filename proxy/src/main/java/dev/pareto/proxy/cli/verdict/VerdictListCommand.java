package dev.pareto.proxy.cli.verdict;

import dev.pareto.evals.verdict.Verdict;
import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "list", description = "The verdicts on file, newest first.", mixinStandardHelpOptions = true)
final class VerdictListCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions where;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var out = spec.commandLine().getOut();
        try (GatewayClient gateway = where.connect()) {
            for (Verdict verdict : gateway.verdicts()) {
                out.printf("%s  %s  %s%s%n", verdict.id(), verdict.created(), verdict.sentence(),
                        verdict.simulated() ? " (simulated)" : "");
            }
        }
        return 0;
    }
}
