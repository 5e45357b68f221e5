package dev.pareto.dashboards.focus;

import dev.pareto.dashboards.ledger.Adjustment;
import dev.pareto.dashboards.ledger.AdjustmentReader;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.RowsDropped;
import dev.pareto.dashboards.store.Snapshot;
import dev.pareto.dashboards.store.Store;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of some days as FOCUS rows. Their {@code BilledCost} adds up to what the ledger booked in these days, to the last digit;
 * lines without a price cost nothing known and are counted instead. Blocks.
 */
public final class FocusExport {

    /** What one row is. */
    public enum Grain {
        /** The charge lines of one hour that are alike; small, and from the roll-ups. */
        HOUR,
        /** One charge line, with the call's tags; for audits. */
        CALL
    }

    /**
     * What was exported.
     *
     * @param rows how many
     * @param unpriced charge lines that have no price and are in no row
     * @param billed the sum of {@code BilledCost}, by currency
     */
    public record Summary(long rows, long unpriced, Map<String, Amount> billed) {

        public Summary {
            billed = Map.copyOf(billed);
        }
    }

    private static final String HOURS = """
                                        SELECT hour_us AS at_us, NULL AS attempt_id, NULL AS tags, tenant, route, model, vendor, role, simulated,
                                          currency, bucket, price_version, unit_price, per, SUM(lines) AS lines, SUM(quantity) AS quantity,
                                          SUM(quantity_nano) AS quantity_nano, SUM(unpriced) AS unpriced, SUM(cost_pico) AS cost_pico,
                                          SUM(list_pico) AS list_pico, SUM(contract_pico) AS contract_pico
                                        FROM rollup_line WHERE hour_us >= ? AND hour_us < ?
                                        GROUP BY hour_us, tenant, route, model, vendor, role, simulated, currency, bucket, price_version, unit_price,
                                          per
                                        ORDER BY hour_us, tenant, route, model, role, bucket, price_version, unit_price""";

    private static final String CALLS = """
                                        SELECT a.started_us AS at_us, a.attempt_id, a.tags, a.tenant, a.route, a.model, a.vendor, a.role, a.simulated,
                                          COALESCE(a.currency, '') AS currency, l.bucket, COALESCE(l.price_version, '') AS price_version,
                                          COALESCE(l.unit_price, '') AS unit_price, COALESCE(l.per, '') AS per, 1 AS lines, l.quantity,
                                          NULL AS quantity_nano, CASE WHEN l.cost_pico IS NULL THEN 1 ELSE 0 END AS unpriced,
                                          COALESCE(l.cost_pico, 0) AS cost_pico, l.list_pico AS list_pico,
                                          COALESCE(l.contract_pico, 0) AS contract_pico
                                        FROM attempt a JOIN charge_line l ON l.attempt_id = a.attempt_id
                                        WHERE a.started_us >= ? AND a.started_us < ? AND a.state <> 'OPEN'
                                        ORDER BY a.started_us, a.attempt_id, l.line_no""";

    private static final String ADJUSTMENTS = """
                                              SELECT * FROM adjustment WHERE booked_us >= ? AND booked_us < ?
                                              ORDER BY booked_us, adjustment_id""";

    private final Store store;

    public FocusExport(Store store) {
        this.store = store;
    }

    /**
     * Gives each row as its values by column, oldest first, adjustments last; what is unknown has no entry.
     *
     * @param from the first UTC day, of the calls' start and of the adjustments' booking
     * @param to the last UTC day
     * @throws RowsDropped when the grain is a call and calls of these days are no longer kept; nothing was given then
     */
    public Summary each(LocalDate from, LocalDate to, Grain grain, Consumer<Map<String, String>> sink) {
        var tally = new Tally(sink);
        try (Snapshot snapshot = new Snapshot(store)) {
            if (grain == Grain.CALL) {
                snapshot.requireRows(from, to);
            }
            snapshot.each(switch (grain) {
                case HOUR -> HOURS;
                case CALL -> CALLS;
            }, from, to, tally::charge);
            snapshot.each(ADJUSTMENTS, from, to, tally::adjustment);
        }
        return new Summary(tally.rows, tally.unpriced, tally.billed);
    }

    /** Counts what it passes on. */
    private static final class Tally {

        private final Consumer<Map<String, String>> sink;
        private final Map<String, Amount> billed = new TreeMap<>();
        private long rows;
        private long unpriced;

        Tally(Consumer<Map<String, String>> sink) {
            this.sink = sink;
        }

        void charge(ResultSet row) throws SQLException {
            long without = row.getLong("unpriced");
            if (without > 0) {
                unpriced += without;
                return;
            }
            Charge charge = read(row);
            pass(charge.currency(), charge.billed(), FocusRows.of(charge));
        }

        void adjustment(ResultSet row) throws SQLException {
            Adjustment adjustment = AdjustmentReader.read(row);
            pass(adjustment.amount().currency(), new Amount(adjustment.amount().amount()),
                    FocusRows.of(adjustment, Micros.toInstant(row.getLong("booked_us"))));
        }

        private void pass(String currency, Amount amount, Map<String, String> values) {
            rows++;
            billed.merge(currency, amount, Amount::plus);
            sink.accept(values);
        }
    }

    private static Charge read(ResultSet row) throws SQLException {
        String nano = row.getString("quantity_nano");
        BigDecimal whole = new BigDecimal(row.getString("quantity"));
        return new Charge(Micros.toInstant(row.getLong("at_us")), row.getString("attempt_id"), row.getString("tags"),
                row.getString("tenant"), row.getString("route"), row.getString("model"), row.getString("vendor"),
                row.getString("role"), row.getInt("simulated") == 1, row.getString("currency"),
                row.getString("bucket"), textOrNull(row, "price_version"), numberOrNull(row, "unit_price"),
                numberOrNull(row, "per"), row.getLong("lines"),
                nano == null ? whole : whole.add(new BigDecimal(nano).movePointLeft(9)), amount(row, "cost_pico"),
                list(row), amount(row, "contract_pico"));
    }

    /** Null where it is not known; sums by hour hold nothing of such lines, though they were charged. */
    private static @Nullable Amount list(ResultSet row) throws SQLException {
        String list = row.getString("list_pico");
        return list == null || (new BigDecimal(list).signum() == 0 && row.getLong("contract_pico") != 0)
                ? null
                : amount(row, "list_pico");
    }

    private static Amount amount(ResultSet row, String column) throws SQLException {
        return new Amount(new BigDecimal(row.getString(column)).movePointLeft(Picos.SCALE));
    }

    private static @Nullable String textOrNull(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null || text.isEmpty() ? null : text;
    }

    private static @Nullable BigDecimal numberOrNull(ResultSet row, String column) throws SQLException {
        String text = textOrNull(row, column);
        return text == null ? null : new BigDecimal(text);
    }
}
