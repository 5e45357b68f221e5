package dev.pareto.proxy.cli;

import java.net.URI;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the gateway is that a command talks to. */
final class GatewayOptions {

    @Option(names = "--gateway", defaultValue = "http://127.0.0.1:8080",
            description = "the gateway's data port (default: ${DEFAULT-VALUE})")
    private URI data;

    @Option(names = "--admin", defaultValue = "http://127.0.0.1:8081",
            description = "the gateway's admin port (default: ${DEFAULT-VALUE})")
    private URI admin;

    @Option(names = "--data", defaultValue = "${env:PARETO_HOME:-.}/data",
            description = "where runs and records are kept (default: ${DEFAULT-VALUE})")
    private Path folder;

    GatewayClient connect() throws InterruptedException {
        var gateway = new GatewayClient(data, admin);
        if (!gateway.reachable()) {
            gateway.close();
            throw new UsageException("no gateway answers on " + admin
                    + "; start one with ./pareto serve (or ./pareto demo), or name it with --gateway and --admin");
        }
        return gateway;
    }

    Path folder() {
        return folder;
    }
}
