package dev.pareto.dashboards.closing;

import dev.pareto.dashboards.closing.MonthCheck.State;
import dev.pareto.dashboards.ledger.MonthTotals;
import dev.pareto.dashboards.reconcile.ReconciledDay;
import dev.pareto.dashboards.reconcile.Reconciliation;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What stands between a month and its close. Blocks. */
public final class MonthChecklist {

    static final String OVER = "over";
    static final String OPEN_ATTEMPTS = "open";
    static final String UNPRICED = "unpriced";
    private static final String RECONCILED = "reconciled:";

    private static final TypeReference<Map<String, Amount>> TOTALS = new TypeReference<>() {};

    private final JdbcClient reads;
    private final Reconciliation reconciliation;
    private final WaiverRepository waivers;
    private final InstantSource clock;

    public MonthChecklist(Store store, InstantSource clock) {
        this.reads = JdbcClient.create(store.reads());
        this.reconciliation = new Reconciliation(store);
        this.waivers = new WaiverRepository(store);
        this.clock = clock;
    }

    /** The months that have anything booked, newest first. */
    public List<YearMonth> months() {
        Long first = reads.sql("SELECT MIN(hour_us) FROM rollup_model_day").query(Long.class).optional().orElse(null);
        YearMonth last = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
        List<YearMonth> months = new ArrayList<>();
        YearMonth from = first == null ? last : YearMonth.from(Micros.toInstant(first).atOffset(ZoneOffset.UTC));
        for (YearMonth month = last; !month.isBefore(from); month = month.minusMonths(1)) {
            months.add(month);
        }
        return months;
    }

    /** Where a month stands now. */
    public MonthState of(YearMonth month) {
        var span = new Span(month);
        MonthState.Frozen frozen = frozen(month);
        Map<String, MonthCheck.Waiver> let = waivers.of(month);
        List<MonthCheck> checks = new ArrayList<>();
        checks.add(check(OVER, "Is the month over?", !clock.instant().isBefore(span.end()),
                "it ends at " + span.end() + " (UTC)", let));
        // by the index of open rows, which are few: the plus keeps a file from the rows of the whole month
        long open = count("SELECT COUNT(*) FROM attempt WHERE state = 'OPEN' AND +started_us >= ? AND +started_us < ?",
                span);
        checks.add(check(OPEN_ATTEMPTS, "Has every call ended?", open == 0,
                open == 0 ? "none is under way" : open + " calls are under way", let));
        // the first conditions are the very words of the index of doubtful rows
        long unpriced = count(
                """
                SELECT COUNT(*) FROM attempt a WHERE state <> 'OPEN' AND (inconsistent = 1 OR estimated = 1 OR cost_pico IS NULL
                  OR ended_us < started_us) AND cost_pico IS NULL AND simulated = 0 AND started_us >= ? AND started_us < ? AND NOT EXISTS (SELECT 1 FROM adjustment p WHERE p.attempt_id = a.attempt_id
                  AND p.kind = 'REPRICED' AND NOT EXISTS (SELECT 1 FROM adjustment r WHERE r.reverses = p.adjustment_id))""",
                span);
        checks.add(check(UNPRICED, "Does every call have a price?", unpriced == 0, unpriced == 0
                ? "all do"
                : (unpriced == 1 ? "1 call has" : unpriced + " calls have")
                        + " none; give the price book one and run ./pareto ledger reprice",
                let));
        reconciliation.vendors(span.first(), span.last()).forEach(vendor -> checks.add(reconciled(vendor, span, let)));
        return new MonthState(month, frozen == null ? totals(span) : frozenTotals(month),
                count("SELECT SUM(attempts) FROM rollup_model_day WHERE simulated = 0 AND hour_us >= ? AND hour_us < ?",
                        span),
                count("SELECT COUNT(*) FROM adjustment WHERE booked_us >= ? AND booked_us < ?", span), checks, frozen);
    }

    /** A month's bounds. */
    private record Span(YearMonth month) {

        LocalDate first() {
            return month.atDay(1);
        }

        LocalDate last() {
            return month.atEndOfMonth();
        }

        Instant end() {
            return month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        }

        long fromMicros() {
            return Micros.of(first().atStartOfDay(ZoneOffset.UTC).toInstant());
        }

        long toMicros() {
            return Micros.of(end());
        }
    }

    private MonthCheck reconciled(String vendor, Span span, Map<String, MonthCheck.Waiver> let) {
        List<ReconciledDay> days = reconciliation.days(vendor, span.first(), span.last());
        NavigableSet<LocalDate> all = new TreeSet<>();
        NavigableSet<LocalDate> unknown = new TreeSet<>();
        NavigableSet<LocalDate> off = new TreeSet<>();
        // days of which nobody has anything are known to be quiet only when the vendor said so; today is not over
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        reconciliation.notAsked(vendor, span.first(), span.last())
                .stream()
                .filter(day -> day.isBefore(today))
                .forEach(unknown::add);
        days.forEach(day -> {
            all.add(day.day());
            switch (day.status()) {
                case MATCHED -> {
                }
                case NOT_FETCHED -> unknown.add(day.day());
                default -> off.add(day.day());
            }
        });
        all.addAll(unknown);
        off.addAll(unknown);
        long waived = all.stream().filter(day -> let.containsKey(RECONCILED + vendor + ":" + day)).count();
        off.removeIf(day -> let.containsKey(RECONCILED + vendor + ":" + day));
        String found = off.isEmpty()
                ? all.size() - waived + " days agree" + (waived == 0 ? "" : ", " + waived + " were let pass")
                : off.size() + " of " + all.size() + " days do not agree or were not asked for (" + unknown.size()
                        + " not asked), the first " + off.first();
        return check(RECONCILED + vendor, "Does " + vendor + "'s own account agree, day by day?", off.isEmpty(), found,
                let);
    }

    private static MonthCheck check(String subject, String question, boolean done, String found,
            Map<String, MonthCheck.Waiver> let) {
        MonthCheck.Waiver waiver = let.get(subject);
        State state = done ? State.DONE : waiver == null ? State.OPEN : State.WAIVED;
        return new MonthCheck(subject, question, state, found, waiver);
    }

    private long count(String sql, Span span) {
        return reads.sql(sql)
                .params(span.fromMicros(), span.toMicros())
                .query((row, number) -> row.getLong(1))
                .single();
    }

    private Map<String, Amount> totals(Span span) {
        Map<String, Amount> totals = new TreeMap<>();
        reads.sql(MonthTotals.SQL)
                .params(span.fromMicros(), span.toMicros(), span.fromMicros(), span.toMicros())
                .query(row -> {
                    totals.put(row.getString(1), new Amount(Picos.sum(row, "total")));
                });
        return totals;
    }

    private Map<String, Amount> frozenTotals(YearMonth month) {
        String json = reads.sql("SELECT totals FROM billing_month WHERE month = ?")
                .param(month.toString())
                .query(String.class)
                .single();
        return JsonMapper.shared().readValue(json, TOTALS);
    }

    private MonthState.@Nullable Frozen frozen(YearMonth month) {
        return reads.sql("""
                         SELECT m.frozen_us, m.frozen_by, m.replica, e.day, e.seq, e.hash FROM billing_month m
                           JOIN ledger_entry e ON e.replica = m.replica AND e.kind = 'MONTH' AND e.ref = m.month
                         WHERE m.month = ?""")
                .param(month.toString())
                .query((row, number) -> new MonthState.Frozen(Micros.toInstant(row.getLong(1)), row.getString(2),
                        row.getString(3), row.getString(4), row.getLong(5), HexFormat.of().formatHex(row.getBytes(6))))
                .optional()
                .orElse(null);
    }
}
