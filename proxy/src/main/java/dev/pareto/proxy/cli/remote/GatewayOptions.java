package dev.pareto.proxy.cli.remote;

import dev.pareto.policies.catalog.Secret;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the gateway is that a command talks to. */
public final class GatewayOptions {

    @Option(names = "--gateway", defaultValue = "http://127.0.0.1:8080",
            description = "the gateway's data port (default: ${DEFAULT-VALUE})")
    private URI data;

    @Option(names = "--admin", defaultValue = "http://127.0.0.1:8081",
            description = "the gateway's admin port (default: ${DEFAULT-VALUE})")
    private URI admin;

    @Option(names = "--data", defaultValue = "${env:PARETO_HOME:-.}/data",
            description = "where runs and records are kept (default: ${DEFAULT-VALUE})")
    private Path folder;

    /** For the admin port alone. */
    public GatewayClient connect() throws InterruptedException {
        return connect(null);
    }

    /** @param key presented on the data port; null for none */
    public GatewayClient connect(@Nullable Secret key) throws InterruptedException {
        var gateway = new GatewayClient(address("--gateway", data), address("--admin", admin), key);
        if (!gateway.reachable()) {
            boolean other = gateway.heard();
            gateway.close();
            if (other) {
                throw new UsageException("what answers on " + admin
                        + " is not a gateway's admin port; --admin names that"
                        + " one (8081 where nothing else is set), --gateway the data port (8080): are they swapped?");
            }
            throw new UsageException("no gateway answers on " + admin
                    + "; start one with ./pareto serve (or ./pareto demo), or name it with --gateway and --admin");
        }
        return gateway;
    }

    private static URI address(String option, URI address) {
        if (address.getHost() == null || !("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
            throw new UsageException(option + " is an address such as http://127.0.0.1:8080, not '" + address + "'");
        }
        return address;
    }

    public Path folder() {
        return folder;
    }
}
