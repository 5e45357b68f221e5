package dev.pareto.dashboards.budget;

import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What people granted and who was told of what. Several gateways may share it: an alert is claimed by one. Blocks. */
public final class BudgetRepository {

    private final JdbcClient reads;
    private final JdbcClient writes;

    public BudgetRepository(Store store) {
        this.reads = JdbcClient.create(store.reads());
        this.writes = JdbcClient.create(store.writes());
    }

    /** Writes a grant down; it can neither be changed nor taken back. */
    public void grant(TopUp it) {
        writes.sql(
                """
                INSERT INTO budget_top_up (id, budget, currency, amount_pico, reason, granted_by, granted_us, expires_us)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(it.id(), it.budget(), it.amount().currency(), Picos.of(it.amount().amount()), it.reason(),
                        it.by(),
                        Micros.of(it.grantedAt()), Micros.of(it.expires()))
                .update();
    }

    /** What was granted since, of all budgets, newest first. */
    public List<TopUp> grantedSince(Instant since, int most) {
        return reads.sql("SELECT * FROM budget_top_up WHERE granted_us >= ? ORDER BY granted_us DESC, id LIMIT ?")
                .params(Micros.of(since), most)
                .query((row, number) -> new TopUp(row.getString("id"), row.getString("budget"),
                        new Money(Picos.toAmount(row.getLong("amount_pico")), row.getString("currency")),
                        row.getString("reason"), row.getString("granted_by"),
                        Micros.toInstant(row.getLong("granted_us")),
                        Micros.toInstant(row.getLong("expires_us"))))
                .list();
    }

    /** Writes down that a threshold was reached; false when it was known. */
    public boolean reached(BudgetAlert it) {
        return writes
                .sql("""
                     INSERT INTO budget_alert (budget, period_us, threshold, reached_us, spent_pico, limit_pico, next_us, tries, detail)
                     VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT (budget, period_us, threshold) DO NOTHING""")
                .param(it.budget())
                .param(Micros.of(it.period()))
                .param(it.threshold().toPlainString())
                .param(Micros.of(it.reached()))
                .param(Picos.of(it.spent().value()))
                .param(Picos.of(it.limit().value()))
                .param(micros(it.next()))
                .param(it.detail())
                .update() == 1;
    }

    /** Alerts that are to be delivered now. */
    public List<BudgetAlert> due(Instant now) {
        return reads.sql("SELECT * FROM budget_alert WHERE next_us <= ? ORDER BY next_us LIMIT 100")
                .param(Micros.of(now))
                .query((row, number) -> read(row))
                .list();
    }

    /** The newest alerts of all budgets. */
    public List<BudgetAlert> newest(int most) {
        return reads.sql("SELECT * FROM budget_alert ORDER BY reached_us DESC, budget, threshold LIMIT ?")
                .param(most)
                .query((row, number) -> read(row))
                .list();
    }

    /**
     * Moves an alert to its next try, if nobody else did since it was read.
     *
     * @param next null for none
     */
    public boolean claim(BudgetAlert it, @Nullable Instant next) {
        return writes
                .sql("""
                     UPDATE budget_alert SET next_us = ?, tries = tries + 1
                     WHERE budget = ? AND period_us = ? AND threshold = ? AND tries = ? AND delivered_us IS NULL""")
                .param(micros(next))
                .param(it.budget())
                .param(Micros.of(it.period()))
                .param(it.threshold().toPlainString())
                .param(it.tries())
                .update() == 1;
    }

    /** What came of a try; a delivered one is tried no more. */
    public void tried(BudgetAlert it, @Nullable Instant delivered, String detail) {
        writes.sql(
                """
                UPDATE budget_alert SET delivered_us = ?, detail = ?, next_us = CASE WHEN ? = 1 THEN NULL ELSE next_us END
                WHERE budget = ? AND period_us = ? AND threshold = ?""")
                .param(micros(delivered))
                .param(detail)
                .param(delivered == null ? 0 : 1)
                .param(it.budget())
                .param(Micros.of(it.period()))
                .param(it.threshold().toPlainString())
                .update();
    }

    private static BudgetAlert read(ResultSet row) throws SQLException {
        return new BudgetAlert(row.getString("budget"), Micros.toInstant(row.getLong("period_us")),
                new BigDecimal(row.getString("threshold")), Micros.toInstant(row.getLong("reached_us")),
                new Amount(Picos.toAmount(row.getLong("spent_pico"))),
                new Amount(Picos.toAmount(row.getLong("limit_pico"))),
                instant(row, "next_us"), row.getInt("tries"), instant(row, "delivered_us"), row.getString("detail"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Micros.toInstant(micros);
    }

    private static @Nullable Long micros(@Nullable Instant instant) {
        return instant == null ? null : (Long) Micros.of(instant);
    }
}
