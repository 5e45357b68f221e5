package dev.pareto.proxy.cli.policy;

import dev.pareto.dashboards.report.DecisionExport;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.replay.DecisionLog;
import dev.pareto.policies.replay.Recorded;
import dev.pareto.proxy.cli.serve.StoreOptions;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import picocli.CommandLine.Option;

/** Which recorded decisions a command is about: a file of them, or the ledger's, in a span of time. */
final class DecisionSource {

    @Option(names = "--log", paramLabel = "F.jsonl[.gz]",
            description = "recorded decisions, as policy export writes them (default: the gateway's ledger)")
    @Nullable
    Path log;

    @Option(names = "--config", defaultValue = "${env:PARETO_HOME:-.}/pareto.yaml",
            description = "the gateway's configuration (default: ${DEFAULT-VALUE})")
    Path config;

    @Option(names = "--data", description = "the gateway's data folder (default: the configuration's)")
    private @Nullable Path data;

    @Option(names = "--from", paramLabel = "TIME",
            description = "first moment: 2026-10, 2026-10-01 or 2026-10-01T12:00:00Z (UTC)")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "the end, exclusive; a month or day is included whole")
    private @Nullable String to;

    @Option(names = "--route", description = "only this route")
    private @Nullable String route;

    @Option(names = "--tenant", description = "only this tenant")
    private @Nullable String tenant;

    /** What was found, and what could not be used. */
    record Found(List<Recorded> records, List<String> notes) {}

    Found read() throws IOException {
        List<Recorded> all = new ArrayList<>();
        long without;
        if (log != null) {
            DecisionLog.Read read = file(log);
            all.addAll(read.records());
            without = read.withoutRequest();
        } else {
            long[] missing = new long[1];
            ledger(line -> {
                Recorded one = DecisionLog.parse(line.json());
                if (one == null) {
                    missing[0]++;
                } else {
                    all.add(one);
                }
            });
            without = missing[0];
        }
        List<Recorded> wanted = all.stream()
                .filter(one -> !one.at().isBefore(start()) && one.at().isBefore(end()))
                .filter(one -> route == null || route.equals(one.route()))
                .filter(one -> tenant == null || tenant.equals(one.features().tenant()))
                .toList();
        if (wanted.isEmpty()) {
            throw new UsageException("no recorded decisions there; let requests pass, or widen --from and --to");
        }
        return new Found(wanted, without == 0
                ? List.of()
                : List.of(without
                        + " decisions were recorded without their requests by an older version and are left out"));
    }

    private static DecisionLog.Read file(Path log) throws IOException {
        try {
            return DecisionLog.read(log);
        } catch (IllegalArgumentException unusable) {
            throw new UsageException(String.valueOf(unusable.getMessage()), unusable);
        }
    }

    void ledger(java.util.function.Consumer<DecisionExport.Line> each) {
        ledger(start(), end(), each);
    }

    void ledger(Instant first, Instant last, java.util.function.Consumer<DecisionExport.Line> each) {
        try (Store store = StoreOptions.open(config, data)) {
            new DecisionExport(JdbcClient.create(store.reads())).forEach(first, last, each);
        }
    }

    private Instant start() {
        return from == null ? Instant.EPOCH : moment("--from", from, false);
    }

    private Instant end() {
        return to == null
                ? from != null && from.length() <= 7
                        ? moment("--from", from, true)
                        : Instant.parse(
                                "9999-01-01T00:00:00Z")
                : moment("--to", to, true);
    }

    /** @param after whether the moment after a whole month or day is meant */
    private static Instant moment(String option, String text, boolean after) {
        try {
            if (text.length() <= 7) {
                YearMonth month = YearMonth.parse(text);
                return (after ? month.plusMonths(1) : month).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            if (text.length() <= 10) {
                LocalDate day = LocalDate.parse(text);
                return (after ? day.plusDays(1) : day).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            return Instant.parse(text);
        } catch (DateTimeParseException wrong) {
            throw new UsageException(option + ": write 2026-10, 2026-10-01 or 2026-10-01T12:00:00Z, not '" + text + "'",
                    wrong);
        }
    }
}
