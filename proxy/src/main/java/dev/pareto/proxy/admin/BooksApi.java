package dev.pareto.proxy.admin;

import dev.pareto.dashboards.ask.NamedPeriod;
import dev.pareto.dashboards.closing.AdjustmentReport;
import dev.pareto.dashboards.closing.MonthChecklist;
import dev.pareto.dashboards.closing.MonthState;
import dev.pareto.dashboards.focus.FocusExport;
import dev.pareto.dashboards.focus.FocusFile;
import dev.pareto.dashboards.focus.FocusVersion;
import dev.pareto.dashboards.reconcile.ReconciledDay;
import dev.pareto.dashboards.reconcile.Reconciliation;
import dev.pareto.dashboards.store.KeptRows;
import dev.pareto.dashboards.store.Store;
import dev.pareto.proxy.BackgroundThreads;
import dev.pareto.proxy.books.LedgerActions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The books on the admin port: vendors' own accounts beside ours, months and their close, adjustments, FOCUS files. */
final class BooksApi {

    private static final int DAYS = 31;
    private static final int MOST_DAYS = 400;
    private static final int MOST_ADJUSTMENTS = 500;
    private static final int CHUNK = 32 << 10;

    private final Store store;
    private final LedgerActions actions;
    private final InstantSource clock;
    private final AdminApi admin;
    private final MonthChecklist months;
    private final Reconciliation reconciliation;
    private final Executor writers = Executors.newThreadPerTaskExecutor(BackgroundThreads.named("pareto-export"));

    BooksApi(Store store, LedgerActions actions, InstantSource clock, AdminApi admin) {
        this.store = store;
        this.actions = actions;
        this.clock = clock;
        this.admin = admin;
        this.months = new MonthChecklist(store, clock);
        this.reconciliation = new Reconciliation(store);
    }

    /** Some days of every vendor that the ledger booked calls of. */
    record Accounts(LocalDate from, LocalDate to, List<String> vendors, List<ReconciledDay> days) {}

    /** A month and what was booked in it beside the calls. */
    record OpenedMonth(MonthState state, List<AdjustmentReport.Row> adjustments) {}

    /** {@code GET /api/reconciliation?from=DAY&to=DAY&vendor=NAME}; the last 31 days of all vendors where nothing is said. */
    Mono<ServerResponse> reconciliation(ServerRequest request) {
        return admin.read(() -> {
            LocalDate to = read(request, "to", LocalDate::parse, today());
            LocalDate from = read(request, "from", LocalDate::parse, to.minusDays(DAYS - 1L));
            requireSpan(from, to);
            List<String> vendors = reconciliation.vendors(from, to);
            List<ReconciledDay> days = new ArrayList<>();
            request.queryParam("vendor")
                    .map(List::of)
                    .orElse(vendors)
                    .forEach(vendor -> days.addAll(reconciliation.days(vendor, from, to)));
            return new Accounts(from, to, vendors, days);
        });
    }

    /** {@code GET /api/months}: every month of the books, newest first, as {@code 2026-11}. */
    Mono<ServerResponse> months(ServerRequest request) {
        return admin.answer(() -> Map.of("months", months.months().stream().map(YearMonth::toString).toList()));
    }

    /** {@code GET /api/months/2026-11}. */
    Mono<ServerResponse> month(ServerRequest request) {
        return admin.read(() -> {
            YearMonth month = parse("the month", request.pathVariable("month"), YearMonth::parse);
            return new OpenedMonth(months.of(month), new AdjustmentReport(store)
                    .booked(month.atDay(1), month.atEndOfMonth(), MOST_ADJUSTMENTS));
        });
    }

    /** {@code POST /api/ledger/actions}; see {@link LedgerActions}. */
    Mono<ServerResponse> act(ServerRequest request) {
        return admin.posted(request, "change the books", text -> {
            try {
                return actions.act(JsonMapper.shared().readTree(text));
            } catch (JacksonException malformed) {
                throw new IllegalArgumentException("the body is not JSON", malformed);
            }
        });
    }

    /** {@code GET /api/ledger/focus?period=last-month&version=1.2&format=csv}, or {@code from=DAY&to=DAY&version=1.2&format=csv|parquet&grain=hour|call}: a file, as it is read. */
    Mono<ServerResponse> focus(ServerRequest request) {
        return Mono.defer(() -> {
            NamedPeriod.Days days = days(request);
            LocalDate from = days.first();
            LocalDate to = days.last();
            FocusVersion version = FocusVersion.parse(request.queryParam("version").orElse("1.2"));
            boolean parquet = switch (request.queryParam("format").orElse("csv")) {
                case "csv" -> false;
                case "parquet" -> true;
                default -> throw new IllegalArgumentException("format is csv or parquet");
            };
            FocusExport.Grain grain = read(request, "grain",
                    text -> FocusExport.Grain.valueOf(text.toUpperCase(Locale.ROOT)), FocusExport.Grain.HOUR);
            Mono<Boolean> kept = admin.computed(() -> {
                if (grain == FocusExport.Grain.CALL) {
                    new KeptRows(JdbcClient.create(store.reads())).require(from, to);
                }
                return true;
            });
            Publisher<DataBuffer> file = DataBufferUtils.outputStreamPublisher(
                    out -> write(out, version, parquet, grain, from, to),
                    DefaultDataBufferFactory.sharedInstance, writers, CHUNK);
            return kept.then(ServerResponse.ok()
                    .header("Content-Type", parquet ? "application/vnd.apache.parquet" : "text/csv; charset=utf-8")
                    .header("Content-Disposition",
                            "attachment; filename=\"focus-" + version.id() + "-" + from + "-" + to
                                    + (parquet ? ".parquet" : ".csv") + "\"")
                    .header("Cache-Control", "no-store")
                    .body(file, DataBuffer.class));
        })
                .onErrorMap(IllegalArgumentException.class,
                        wrong -> AdminApi.refused(400, "invalid_request", String.valueOf(wrong.getMessage())));
    }

    private void write(OutputStream out, FocusVersion version, boolean parquet, FocusExport.Grain grain, LocalDate from,
            LocalDate to) {
        try (FocusFile file = parquet ? FocusFile.parquet(out, version) : FocusFile.csv(out, version)) {
            new FocusExport(store).each(from, to, grain, row -> {
                try {
                    file.write(row);
                } catch (IOException gone) {
                    throw new UncheckedIOException(gone);
                }
            });
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /** What a schedule asks for must name its days by words: a date is right once. */
    private NamedPeriod.Days days(ServerRequest request) {
        NamedPeriod named = request.queryParam("period").map(NamedPeriod::of).orElse(NamedPeriod.CUSTOM);
        LocalDate today = today();
        if (named == NamedPeriod.CUSTOM) {
            LocalDate to = read(request, "to", LocalDate::parse, today);
            LocalDate from = read(request, "from", LocalDate::parse, to.withDayOfMonth(1));
            requireSpan(from, to);
            return new NamedPeriod.Days(from, to);
        }
        if (request.queryParam("from").isPresent() || request.queryParam("to").isPresent()) {
            throw new IllegalArgumentException("name a period, or from and to");
        }
        NamedPeriod.Days days = named.days(today);
        return days.last().isAfter(today) ? new NamedPeriod.Days(days.first(), today) : days;
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private static void requireSpan(LocalDate from, LocalDate to) {
        if (to.isBefore(from) || from.plusDays(MOST_DAYS).isBefore(to)) {
            throw new IllegalArgumentException(
                    "from " + from + " to " + to + " is no span of 1 to " + MOST_DAYS + " days");
        }
    }

    private static <T> T read(ServerRequest request, String name, Function<String, T> reader, T otherwise) {
        return request.queryParam(name).map(text -> parse(name, text, reader)).orElse(otherwise);
    }

    private static <T> T parse(String name, String text, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (DateTimeException | IllegalArgumentException wrong) {
            throw new IllegalArgumentException(name + " cannot be '" + text + "'", wrong);
        }
    }
}
