package dev.pareto.proxy.cli.verdict;

import dev.pareto.evals.verdict.VerdictJson;
import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "show", description = "The whole record of one verdict, as JSON.", mixinStandardHelpOptions = true)
final class VerdictShowCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions where;

    @Parameters(paramLabel = "ID", description = "from verdict list")
    private String id;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (GatewayClient gateway = where.connect()) {
            var found = gateway.verdicts()
                    .stream()
                    .filter(verdict -> verdict.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new UsageException("there is no verdict " + id + "; see ./pareto verdict list"));
            spec.commandLine().getOut().println(VerdictJson.tree(found).toPrettyString());
        }
        return 0;
    }
}
