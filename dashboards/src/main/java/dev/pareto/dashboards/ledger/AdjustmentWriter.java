package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.chain.Chain;
import dev.pareto.dashboards.chain.EntryKind;
import dev.pareto.policies.price.Money;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

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

    /**
     * False when all were booked before.
     *
     * @throws IllegalStateException when some were; the caller rolls back
     */
    boolean bookTogether(List<Adjustment> all) throws SQLException {
        int booked = 0;
        for (Adjustment it : all) {
            booked += book(it) ? 1 : 0;
        }
        if (booked > 0 && booked < all.size()) {
            throw new IllegalStateException((all.size() - booked) + " of these " + all.size()
                    + " adjustments were booked meanwhile, so none is booked now; look at what is left and book that");
        }
        return booked > 0;
    }

    @Override
    public void close() throws SQLException {
        add.close();
    }
}
