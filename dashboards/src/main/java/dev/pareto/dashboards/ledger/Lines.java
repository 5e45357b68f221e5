package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.chain.Canonical;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.policies.price.ChargeLine;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes charge lines and those of baselines, and adds them to the text that is hashed. */
final class Lines implements AutoCloseable {

    private static final String CHARGE = """
                                         INSERT INTO charge_line (attempt_id, line_no, bucket, quantity, unit_price, per, cost_pico,
                                           price_version, list_unit_price, list_per, list_pico, contract_pico)
                                         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String BASELINE = """
                                           INSERT INTO baseline_line (attempt_id, line_no, bucket, quantity, unit_price, per, cost_pico,
                                             price_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)""";

    private final PreparedStatement charge;
    private final PreparedStatement baseline;

    Lines(Connection connection) throws SQLException {
        charge = connection.prepareStatement(CHARGE);
        baseline = connection.prepareStatement(BASELINE);
    }

    void write(String attemptId, List<Booked.Line> lines, Canonical text) throws SQLException {
        int number = 1;
        for (Booked.Line line : lines) {
            new Bind(charge).text(attemptId)
                    .number(number)
                    .text(line.bucket())
                    .text(line.quantity())
                    .text(line.unitPrice())
                    .text(line.per())
                    .number(line.cost())
                    .text(line.priceVersion())
                    .text(line.listUnitPrice())
                    .text(line.listPer())
                    .number(line.list())
                    .number(line.contract())
                    .batch();
            text.line(texts(number++, line.bucket(), line.quantity(), line.unitPrice(), line.per(), line.cost(),
                    line.priceVersion(), line.listUnitPrice(), line.listPer(), line.list(), line.contract()));
        }
    }

    void writeBaseline(String attemptId, Cost cost, Canonical text) throws SQLException {
        int number = 1;
        for (ChargeLine line : cost.lines()) {
            Long picos = line.cost() == null ? null : (Long) Picos.of(line.cost());
            String quantity = Money.plain(line.quantity());
            String unitPrice = plain(line.unitPrice());
            String per = plain(line.per());
            new Bind(baseline).text(attemptId)
                    .number(number)
                    .text(line.bucket())
                    .text(quantity)
                    .text(unitPrice)
                    .text(per)
                    .number(picos)
                    .text(cost.priceVersion())
                    .batch();
            text.baselineLine(
                    texts(number++, line.bucket(), quantity, unitPrice, per, picos, cost.priceVersion()));
        }
    }

    void flush() throws SQLException {
        charge.executeBatch();
        baseline.executeBatch();
    }

    void discard() throws SQLException {
        charge.clearBatch();
        baseline.clearBatch();
    }

    @Override
    public void close() throws SQLException {
        charge.close();
        baseline.close();
    }

    private static @Nullable String plain(@Nullable BigDecimal value) {
        return value == null ? null : Money.plain(value);
    }

    private static List<@Nullable String> texts(@Nullable Object... values) {
        List<@Nullable String> texts = new ArrayList<>();
        for (Object value : values) {
            texts.add(value == null ? null : value.toString());
        }
        return texts;
    }
}
