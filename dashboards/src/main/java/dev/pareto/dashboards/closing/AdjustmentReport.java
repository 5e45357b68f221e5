package dev.pareto.dashboards.closing;

import dev.pareto.dashboards.ledger.Adjustment;
import dev.pareto.dashboards.ledger.AdjustmentReader;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What was booked beside the attempts. Blocks. */
public final class AdjustmentReport {

    private final JdbcClient reads;

    public AdjustmentReport(Store store) {
        this.reads = JdbcClient.create(store.reads());
    }

    /**
     * One of them, as pages show it.
     *
     * @param takenBackBy the adjustment that takes it back; null for none
     */
    public record Row(String id, Instant bookedAt, String kind, LocalDate concerns, String tenant, String vendor,
            String model, Amount amount, String currency, String reason, String by, @Nullable String invoice,
            @Nullable String attemptId, @Nullable String reverses, @Nullable String takenBackBy) {}

    /**
     * Those booked on some days, newest first.
     *
     * @param limit at most so many
     */
    public List<Row> booked(LocalDate from, LocalDate to, int limit) {
        return reads.sql(
                """
                SELECT a.*, (SELECT r.adjustment_id FROM adjustment r WHERE r.reverses = a.adjustment_id) AS taken_back
                FROM adjustment a WHERE booked_us >= ? AND booked_us < ? ORDER BY booked_us DESC, adjustment_id DESC LIMIT ?""")
                .params(Micros.of(from.atStartOfDay(ZoneOffset.UTC).toInstant()),
                        Micros.of(to.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()), limit)
                .query((row, number) -> row(row))
                .list();
    }

    Optional<Adjustment> find(UUID id) {
        return reads.sql("SELECT * FROM adjustment WHERE adjustment_id = ?")
                .param(id.toString())
                .query((row, number) -> AdjustmentReader.read(row))
                .optional();
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(row.getString("adjustment_id"), Micros.toInstant(row.getLong("booked_us")),
                row.getString("kind"), LocalDate.parse(row.getString("concerns")), row.getString("tenant"),
                row.getString("vendor"), row.getString("model"), new Amount(Picos.toAmount(row.getLong("amount_pico"))),
                row.getString("currency"), row.getString("reason"), row.getString("entered_by"),
                row.getString("invoice"), row.getString("attempt_id"), row.getString("reverses"),
                row.getString("taken_back"));
    }
}
