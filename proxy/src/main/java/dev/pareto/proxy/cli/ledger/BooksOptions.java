package dev.pareto.proxy.cli.ledger;

import dev.pareto.dashboards.store.Store;
import dev.pareto.proxy.cli.serve.StoreOptions;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.nio.file.Path;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which books, and which days of them. */
final class BooksOptions {

    @Option(names = "--config", defaultValue = "${env:PARETO_HOME:-.}/pareto.yaml",
            description = "the gateway's configuration, which names its ledger (default: ${DEFAULT-VALUE})")
    private Path config;

    @Option(names = "--data", description = "the gateway's data folder (default: the configuration's)")
    private @Nullable Path data;

    @Option(names = "--from", description = "the first UTC day, e.g. 2026-11-01 (default: the beginning)")
    private @Nullable LocalDate from;

    @Option(names = "--to", description = "the last UTC day (default: the end)")
    private @Nullable LocalDate to;

    @Nullable
    LocalDate from() {
        if (from != null && to != null && to.isBefore(from)) {
            throw new UsageException("--to " + to + " lies before --from " + from);
        }
        return from;
    }

    @Nullable
    LocalDate to() {
        return to;
    }

    /** The gateway's configuration, which may be missing where the data folder is named. */
    Path config() {
        return config;
    }

    Store open() {
        return StoreOptions.open(config, data);
    }
}
