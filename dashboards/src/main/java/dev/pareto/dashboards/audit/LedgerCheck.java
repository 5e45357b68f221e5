package dev.pareto.dashboards.audit;

import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.report.RollupCheck;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Snapshot;
import dev.pareto.dashboards.store.Store;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Proves the books: the chains of hashes hold, months whose rows are gone were dropped by retention and by nobody else, roll-ups, rows and charge lines give the same sums, nothing was closed twice or
 * left out of the chain, and every priced row names its price. Reads everything in the days asked for, a gateway may write
 * meanwhile: all is seen as of one moment. Blocks.
 */
public final class LedgerCheck {

    private static final LocalDate FIRST = LocalDate.of(1970, 1, 1);
    private static final LocalDate LAST = LocalDate.of(9999, 12, 31);
    private static final int SHOWN = 20;

    private final Store store;

    public LedgerCheck(Store store) {
        this.store = store;
    }

    /**
     * What was found.
     *
     * @param attempts closed attempts of these days
     * @param open attempts that are under way
     * @param droppedRows entries of the chain whose rows are no longer kept: those before and after bear them out, no row does
     * @param sum what these attempts cost, of each currency
     * @param problems sentences; empty when all is well
     */
    public record Outcome(long attempts, long open, long chargeLines, long adjustments, long chainDays,
            long chainEntries, long droppedRows, Map<String, Amount> sum, List<String> problems) {

        public Outcome {
            sum = Map.copyOf(sum);
            problems = List.copyOf(problems);
        }

        public boolean holds() {
            return problems.isEmpty();
        }
    }

    /**
     * @param from the first UTC day; null for the beginning. Rows count by the day of their start, entries of the chain by the
     *            day of booking.
     * @param to the last UTC day; null for the end
     */
    public Outcome check(@Nullable LocalDate from, @Nullable LocalDate to) {
        LocalDate first = from == null ? FIRST : from;
        LocalDate last = to == null ? LAST : to;
        try (Snapshot snapshot = new Snapshot(store)) {
            return snapshot.read(connection -> check(connection, first, last));
        }
    }

    private static Outcome check(Connection connection, LocalDate first, LocalDate last) throws SQLException {
        JdbcClient reads = JdbcClient
                .create(new org.springframework.jdbc.datasource.SingleConnectionDataSource(connection, true));
        long fromMicros = Micros.of(first.atStartOfDay(ZoneOffset.UTC).toInstant());
        long toMicros = Micros.of(last.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
        var dropped = new DroppedMonths(connection);
        var chain = new ChainCheck(connection, dropped);
        List<String> problems = new ArrayList<>(dropped.problems(fromMicros, toMicros));
        problems.addAll(chain.check(first.toString(), last.toString()));
        RollupCheck.Differences differences = new RollupCheck(reads).compare(fromMicros, toMicros);
        differences.onlyKept().forEach(row -> problems.add("the rows do not bear out this sum: " + row));
        differences.onlyRebuilt().forEach(row -> problems.add("the rows give this sum, which was not kept: " + row));
        differences.lines().forEach(row -> problems.add("charge lines do not add up to their attempt: " + row));
        var window = new Window(reads, fromMicros, toMicros);
        problems.addAll(window.rules());
        return new Outcome(window.count("SELECT COUNT(*) FROM attempt WHERE state <> 'OPEN' AND "),
                window.count("SELECT COUNT(*) FROM attempt WHERE state = 'OPEN' AND "),
                window.count("SELECT COUNT(*) FROM charge_line l JOIN attempt a ON a.attempt_id = l.attempt_id WHERE "),
                reads.sql("SELECT COUNT(*) FROM adjustment WHERE booked_us >= ? AND booked_us < ?")
                        .params(fromMicros, toMicros)
                        .query(Long.class)
                        .single(),
                chain.days(), chain.entries(), chain.unread(), window.sums(), problems);
    }

    /** Rules for the rows of a window, each as the SQL that finds what breaks it. */
    private record Window(JdbcClient reads, long from, long to) {

        private static final String IN = "started_us >= ? AND started_us < ?";

        List<String> rules() {
            List<String> found = new ArrayList<>();
            // set against set: for each row by itself, a file would read the whole chain
            rule(found, "is closed but not in the chain",
                    "SELECT attempt_id FROM (SELECT attempt_id FROM attempt WHERE state <> 'OPEN' AND " + IN
                            + " EXCEPT SELECT ref FROM ledger_entry EXCEPT SELECT attempt_id FROM unsealed) AS missing");
            rule(found, "was closed twice",
                    "SELECT ref FROM ledger_entry e JOIN attempt a ON a.attempt_id = e.ref WHERE " + IN
                            + " GROUP BY ref HAVING COUNT(*) > 1");
            rule(found, "is priced but names no price version",
                    "SELECT attempt_id FROM attempt WHERE cost_source IN ('list', 'contract', 'amortised', 'zero_rated')"
                            + " AND price_version IS NULL AND " + IN);
            rule(found, "has a priced line that names no price version",
                    "SELECT DISTINCT a.attempt_id FROM charge_line l JOIN attempt a ON a.attempt_id = l.attempt_id"
                            + " WHERE l.cost_pico IS NOT NULL AND l.price_version IS NULL"
                            + " AND l.bucket NOT IN ('vendor_reported', 'reservation', 'list') AND " + IN);
            rule(found,
                    "is unpriced but has a priced line: sums by line count it and sums by call do not (early builds booked"
                            + " such calls so, and what is booked stays)",
                    "SELECT DISTINCT a.attempt_id FROM charge_line l JOIN attempt a ON a.attempt_id = l.attempt_id"
                            + " WHERE a.cost_pico IS NULL AND a.state <> 'OPEN' AND l.cost_pico IS NOT NULL"
                            + " AND l.bucket <> 'list' AND " + IN);
            rule(found, "belongs to no request",
                    "SELECT attempt_id FROM attempt a WHERE " + IN + " AND NOT EXISTS ("
                            + "SELECT 1 FROM request r WHERE r.request_id = a.request_id) AND NOT EXISTS ("
                            + "SELECT 1 FROM dropped_month m WHERE a.request_id >= m.from_id AND a.request_id < m.to_id)");
            rule(found, "has a cost that its status denies",
                    "SELECT attempt_id FROM attempt WHERE state <> 'OPEN' AND (cost_pico IS NULL) <>"
                            + " (price_status = 'MISSING') AND " + IN);
            return found;
        }

        private void rule(List<String> found, String breaks, String sql) {
            reads.sql(sql + " LIMIT " + SHOWN)
                    .params(from, to)
                    .query(String.class)
                    .list()
                    .forEach(id -> found.add("attempt " + id + " " + breaks));
        }

        long count(String sql) {
            return reads.sql(sql + IN).params(from, to).query(Long.class).single();
        }

        Map<String, Amount> sums() {
            Map<String, Amount> sums = new java.util.TreeMap<>();
            reads.sql("SELECT currency, " + Picos.sum("cost_pico", "cost")
                    + " FROM attempt WHERE cost_pico IS NOT NULL AND " + IN + " GROUP BY currency")
                    .params(from, to)
                    .query(row -> {
                        sums.put(row.getString(1), new Amount(Picos.sum(row, "cost")));
                    });
            return sums;
        }
    }
}
