package dev.pareto.proxy.cli.ledger;

import dev.pareto.dashboards.focus.FocusColumn;
import dev.pareto.dashboards.focus.FocusExport;
import dev.pareto.dashboards.focus.FocusFile;
import dev.pareto.dashboards.focus.FocusRules;
import dev.pareto.dashboards.focus.FocusVersion;
import dev.pareto.dashboards.store.Store;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "focus", mixinStandardHelpOptions = true, description = {
        "Writes the ledger as FOCUS (FinOps Open Cost and Usage Specification), and checks each row by the specification's rules.",
        "BilledCost adds up to what the ledger booked in these days. Ends with 1 when a row breaks a rule."})
final class LedgerFocusCommand implements Callable<Integer> {

    /** How the file is written. */
    enum Format {
        CSV, PARQUET
    }

    private static final int SHOWN = 20;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BooksOptions books;

    @Option(names = "--focus-version", defaultValue = "1.2", description = "1.2 or 1.3 (default: ${DEFAULT-VALUE})")
    private String version;

    @Option(names = "--format", defaultValue = "csv", description = "csv or parquet (default: ${DEFAULT-VALUE})")
    private Format format;

    @Option(names = "--grain", defaultValue = "hour",
            description = "hour: charge lines of an hour that are alike; call: each one, with its tags"
                    + " (default: ${DEFAULT-VALUE})")
    private FocusExport.Grain grain;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "where to write (default: standard output)")
    private @Nullable Path output;

    @Override
    public Integer call() throws IOException {
        FocusVersion focus;
        try {
            focus = FocusVersion.parse(version);
        } catch (IllegalArgumentException unknown) {
            throw new UsageException(String.valueOf(unknown.getMessage()), unknown);
        }
        if (output != null && Files.exists(output)) {
            throw new UsageException(output + " exists already; an export overwrites nothing");
        }
        LocalDate to = books.to() == null ? LocalDate.now(ZoneOffset.UTC).plusDays(1) : books.to();
        var rules = new FocusRules(focus);
        List<FocusRules.Finding> found = new ArrayList<>(
                rules.header(focus.columns().stream().map(FocusColumn::name).toList()));
        FocusExport.Summary summary;
        try (var store = books.open()) {
            LocalDate from = first(store, to);
            try (FocusFile file = open(focus)) {
                summary = new FocusExport(store).each(from, to, grain, row -> {
                    if (found.size() < SHOWN) {
                        found.addAll(rules.row(row));
                    }
                    try {
                        file.write(row);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }
        tell(summary, focus, found);
        return found.isEmpty() ? 0 : 1;
    }

    /** Sums by hour are kept for good; calls may not be. */
    private LocalDate first(Store store, LocalDate to) {
        LocalDate asked = books.from();
        return switch (grain) {
            case HOUR -> asked == null ? LocalDate.EPOCH : asked;
            case CALL -> books.fromKept(store, to, spec.commandLine().getErr());
        };
    }

    /** What was written goes to standard error, beside a file on standard output. */
    private void tell(FocusExport.Summary summary, FocusVersion focus, List<FocusRules.Finding> found) {
        PrintWriter err = spec.commandLine().getErr();
        err.printf("%,d rows of FOCUS %s%n", summary.rows(), focus.id());
        new TreeMap<>(summary.billed())
                .forEach((currency, sum) -> err.printf("billed: %s %s%n", sum.plain(), currency));
        if (summary.unpriced() > 0) {
            err.printf("%,d charge lines have no price and are in no row (./pareto ledger reprice)%n",
                    summary.unpriced());
        }
        found.stream().limit(SHOWN).forEach(finding -> err.println("WRONG: " + finding));
        err.println(found.isEmpty()
                ? "Every row keeps the specification's rules."
                : "Rows break the specification's rules.");
        err.flush();
    }

    private FocusFile open(FocusVersion focus) throws IOException {
        OutputStream out = output == null
                ? new StaysOpen(System.out)
                : new BufferedOutputStream(Files.newOutputStream(output));
        return switch (format) {
            case CSV -> FocusFile.csv(out, focus);
            case PARQUET -> FocusFile.parquet(out, focus);
        };
    }

    /** Standard output is not ours to close. */
    private static final class StaysOpen extends FilterOutputStream {

        StaysOpen(OutputStream out) {
            super(new BufferedOutputStream(out));
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
