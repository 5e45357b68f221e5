package dev.pareto.proxy.cli.serve;

import dev.pareto.policies.policy.ConfigException;
import dev.pareto.proxy.CompilerThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "serve", description = "Starts the gateway.", mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--config", defaultValue = "${env:PARETO_HOME:-.}/pareto.yaml",
            description = "the configuration (default: ${DEFAULT-VALUE})")
    private Path config;

    @Option(names = "--host", description = "address of the data port (default: the configuration's)")
    private @Nullable String host;

    @Option(names = "--port", description = "data port, 0 for any free one (default: the configuration's)")
    private @Nullable Integer port;

    @Option(names = "--admin-port", description = "admin port, 0 for any free one (default: the configuration's)")
    private @Nullable Integer adminPort;

    @Option(names = "--data", description = "folder of the ledger and other state (default: the configuration's)")
    private @Nullable Path data;

    @Override
    public Integer call() throws IOException, ConfigException, InterruptedException {
        var out = spec.commandLine().getOut();
        var gateway = RunningGateway.start(config, new RunningGateway.Overrides(host, port, adminPort, data),
                spec.commandLine().getErr());
        out.println(gateway.banner());
        CompilerThreads.giveWay();
        gateway.awaitEnd();
        return 0;
    }
}
