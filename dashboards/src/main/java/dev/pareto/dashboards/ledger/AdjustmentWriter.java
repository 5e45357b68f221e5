package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.chain.EntryKind;
import dev.pareto.policies.price.Money;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Books adjustments, inside the caller's transaction. */
final class AdjustmentWriter implements AutoCloseable {

    private static final String ADD = """
                                      INSERT INTO adjustment (adjustment_id, booked_us, kind, concerns, attempt_id, reverses, invoice, tenant, route,
                                        model, vendor, bucket, quantity, price_version, currency, amount_pico, reason, entered_by, replica)
                                      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                                      ON CONFLICT (adjustment_id) DO NOTHING RETURNING *""";

    private final PreparedStatement add;
    private final Chain chain;

    AdjustmentWriter(Connection connection, Chain chain) throws SQLException {
        this.chain = chain;
        add = connection.prepareStatement(ADD);
    }

    /** False when it was booked before. */
    boolean book(Adjustment it) throws SQLException {
        String id = it.id().toString();
        Bind row = new Bind(add).text(id)
                .instant(chain.now())
                .text(it.kind().name())
                .text(it.concerns().toString())
                .text(it.attemptId() == null ? null : it.attemptId().toString())
                .text(it.reverses() == null ? null : it.reverses().toString())
                .text(it.invoice())
                .text(it.tenant())
                .text(it.route())
                .text(it.model())
                .text(it.vendor())
                .text(it.bucket())
                .text(it.quantity() == null ? null : Money.plain(it.quantity()))
                .text(it.priceVersion())
                .text(it.amount().currency())
                .amount(it.amount())
                .text(it.reason())
                .text(it.enteredBy())
                .text(chain.replica());
        try (ResultSet booked = row.query()) {
            if (!booked.next()) {
                return false;
            }
            chain.append(EntryKind.ADJUSTMENT, id, text -> text.row(EntryKind.ADJUSTMENT, booked));
            return true;
        }
    }

    @Override
    public void close() throws SQLException {
        add.close();
    }
}
