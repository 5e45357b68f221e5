package dev.pareto.proxy.cli.ledger;

import dev.pareto.dashboards.store.KeptRows;
import dev.pareto.dashboards.store.RowsDropped;
import dev.pareto.dashboards.store.Store;
import dev.pareto.proxy.cli.serve.StoreOptions;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
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

    /**
     * The first day that was asked for; where none was, the first whose calls are kept, which is told of on standard error.
     *
     * @throws RowsDropped when calls of the days asked for are no longer kept
     */
    LocalDate fromKept(Store store, LocalDate to, PrintWriter err) {
        KeptRows kept = new KeptRows(JdbcClient.create(store.reads()));
        LocalDate asked = from();
        if (asked != null) {
            kept.require(asked, to);
            return asked;
        }
        LocalDate first = kept.first();
        if (first.isAfter(LocalDate.EPOCH)) {
            err.println("The calls of before " + first + " are no longer kept one by one; this begins with that day.");
            err.flush();
        }
        return first;
    }

    /** The gateway's configuration, which may be missing where the data folder is named. */
    Path config() {
        return config;
    }

    Store open() {
        return StoreOptions.open(config, data);
    }
}
