package dev.pareto.dashboards.audit;

import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.RowsDropped;
import dev.pareto.dashboards.store.Snapshot;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.price.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Every charge line and adjustment of some days, one by one, oldest first, however many there are. Blocks. */
public final class ChargeLines {

    private static final String LINES = """
                                        SELECT a.*, l.line_no, l.bucket, l.quantity, l.unit_price, l.per, l.cost_pico AS line_cost,
                                          l.list_pico AS line_list, l.contract_pico AS line_contract, l.price_version AS line_version
                                        FROM attempt a JOIN charge_line l ON l.attempt_id = a.attempt_id
                                        WHERE a.started_us >= ? AND a.started_us < ? ORDER BY a.started_us, a.attempt_id, l.line_no""";

    private static final String ADJUSTMENTS = """
                                              SELECT * FROM adjustment WHERE booked_us >= ? AND booked_us < ?
                                              ORDER BY booked_us, adjustment_id""";

    private final Store store;

    public ChargeLines(Store store) {
        this.store = store;
    }

    /**
     * Gives each as its fields by name, always the same and in the same order; money and quantities are exact decimal text, unknown is
     * null.
     *
     * @param from the first UTC day, of the attempts' start and of the adjustments' booking
     * @param to the last UTC day
     * @throws RowsDropped when calls of these days are no longer kept; nothing was given then
     */
    public void each(LocalDate from, LocalDate to, Consumer<Map<String, @Nullable Object>> sink) {
        try (Snapshot snapshot = new Snapshot(store)) {
            snapshot.requireRows(from, to);
            snapshot.each(LINES, from, to, row -> sink.accept(line(row)));
            snapshot.each(ADJUSTMENTS, from, to, row -> sink.accept(adjustment(row)));
        }
    }

    private static Map<String, @Nullable Object> line(ResultSet row) throws SQLException {
        return fields("charge", Micros.toInstant(row.getLong("started_us")).toString(), row.getString("attempt_id"),
                row.getString("request_id"), row.getInt("line_no"), row.getString("role"), row.getString("state"),
                row.getString("tenant"), row.getString("tags"), row.getString("route"), row.getString("model"),
                row.getString("served_model"), row.getString("vendor"), row.getInt("simulated") == 1,
                row.getString("bucket"), row.getString("quantity"), row.getString("unit_price"), row.getString("per"),
                row.getString("line_version"), row.getString("currency"), money(row, "line_cost"),
                money(row, "line_list"), money(row, "line_contract"), row.getString("cost_source"),
                row.getString("usage_source"), null);
    }

    private static Map<String, @Nullable Object> adjustment(ResultSet row) throws SQLException {
        return fields("adjustment", Micros.toInstant(row.getLong("booked_us")).toString(), row.getString("attempt_id"),
                null, null, row.getString("kind"), null, row.getString("tenant"), null, row.getString("route"),
                row.getString("model"), null, row.getString("vendor"), false, row.getString("bucket"),
                row.getString("quantity"), null, null, row.getString("price_version"), row.getString("currency"),
                money(row, "amount_pico"), null, null, null, null, row.getString("reason"));
    }

    private static @Nullable String money(ResultSet row, String column) throws SQLException {
        long picos = row.getLong(column);
        return row.wasNull() ? null : Money.plain(Picos.toAmount(picos));
    }

    private static Map<String, @Nullable Object> fields(@Nullable Object... values) {
        String[] names = {"kind", "at", "attempt_id", "request_id", "line", "role", "state", "tenant", "tags", "route",
                "model", "served_model", "vendor", "simulated", "bucket", "quantity", "unit_price", "per",
                "price_version", "currency", "cost", "list_cost", "contract_cost", "cost_source", "usage_source",
                "reason"};
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            fields.put(names[i], values[i]);
        }
        return fields;
    }
}
