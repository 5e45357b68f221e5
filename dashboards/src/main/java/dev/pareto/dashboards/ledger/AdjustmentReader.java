package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.store.Picos;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads adjustments as they were booked. */
public final class AdjustmentReader {

    private AdjustmentReader() {}

    /** The row of {@code SELECT * FROM adjustment} that the cursor is on. */
    public static Adjustment read(ResultSet row) throws SQLException {
        String quantity = row.getString("quantity");
        return new Adjustment(UUID.fromString(row.getString("adjustment_id")),
                Adjustment.Kind.valueOf(row.getString("kind")), LocalDate.parse(row.getString("concerns")),
                uuidOrNull(row.getString("attempt_id")), uuidOrNull(row.getString("reverses")),
                row.getString("invoice"), row.getString("tenant"), row.getString("route"), row.getString("model"),
                row.getString("vendor"), row.getString("bucket"), quantity == null ? null : new BigDecimal(quantity),
                row.getString("price_version"),
                new Money(Picos.toAmount(row.getLong("amount_pico")), row.getString("currency")),
                row.getString("reason"), row.getString("entered_by"));
    }

    private static @Nullable UUID uuidOrNull(@Nullable String id) {
        return id == null ? null : UUID.fromString(id);
    }
}
