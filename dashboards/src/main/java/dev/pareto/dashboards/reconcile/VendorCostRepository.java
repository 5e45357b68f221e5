package dev.pareto.dashboards.reconcile;

import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What vendors said that days cost. Blocks. */
public final class VendorCostRepository {

    private final JdbcClient reads;
    private final JdbcClient writes;
    private final TransactionTemplate transaction;

    public VendorCostRepository(Store store) {
        this.reads = JdbcClient.create(store.reads());
        this.writes = JdbcClient.create(store.writes());
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(store.writes()));
    }

    /**
     * Keeps what a vendor says of some days instead of what it said before.
     *
     * @param from the first day
     * @param to the last day
     * @param costs of these days, in the vendor's order
     */
    public void replace(String vendor, LocalDate from, LocalDate to, List<VendorCost> costs, Instant now) {
        costs.stream()
                .filter(cost -> cost.day().isBefore(from) || cost.day().isAfter(to))
                .findFirst()
                .ifPresent(cost -> {
                    throw new IllegalArgumentException(
                            "a cost of " + cost.day() + " lies outside " + from + " to " + to);
                });
        transaction.executeWithoutResult(status -> {
            for (String table : List.of("vendor_cost", "vendor_day")) {
                writes.sql("DELETE FROM " + table + " WHERE vendor = ? AND day >= ? AND day <= ?")
                        .params(vendor, from.toString(), to.toString())
                        .update();
            }
            from.datesUntil(to.plusDays(1))
                    .forEach(day -> writes.sql("INSERT INTO vendor_day (vendor, day, fetched_us) VALUES (?, ?, ?)")
                            .params(vendor, day.toString(), Micros.of(now))
                            .update());
            Map<LocalDate, Integer> numbers = new HashMap<>();
            costs.forEach(cost -> insert(vendor, cost, numbers.merge(cost.day(), 1, Integer::sum)));
        });
    }

    private void insert(String vendor, VendorCost cost, int number) {
        writes.sql(
                """
                INSERT INTO vendor_cost (vendor, day, line_no, account, line_item, model, bucket, quantity, currency, amount_pico)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .param(vendor)
                .param(cost.day().toString())
                .param(number)
                .param(cost.account())
                .param(cost.lineItem())
                .param(cost.model())
                .param(cost.bucket())
                .param(cost.quantity() == null ? null : Money.plain(cost.quantity()))
                .param(cost.amount().currency())
                .param(Picos.of(cost.amount().amount()))
                .update();
    }

    /** The vendor's lines of some days, oldest first. */
    List<VendorCost> costs(String vendor, LocalDate from, LocalDate to) {
        return reads.sql("""
                         SELECT * FROM vendor_cost WHERE vendor = ? AND day >= ? AND day <= ? ORDER BY day, line_no""")
                .params(vendor, from.toString(), to.toString())
                .query(VendorCostRepository::read)
                .list();
    }

    /** The vendors that were asked about any of some days. */
    List<String> asked(LocalDate from, LocalDate to) {
        return reads.sql("SELECT DISTINCT vendor FROM vendor_day WHERE day >= ? AND day <= ? ORDER BY vendor")
                .params(from.toString(), to.toString())
                .query((row, number) -> row.getString(1))
                .list();
    }

    /** When each day was asked for last. */
    Map<LocalDate, Instant> fetched(String vendor, LocalDate from, LocalDate to) {
        Map<LocalDate, Instant> fetched = new HashMap<>();
        reads.sql("SELECT day, fetched_us FROM vendor_day WHERE vendor = ? AND day >= ? AND day <= ?")
                .params(vendor, from.toString(), to.toString())
                .query(row -> {
                    fetched.put(LocalDate.parse(row.getString(1)), Micros.toInstant(row.getLong(2)));
                });
        return fetched;
    }

    private static VendorCost read(ResultSet row, int number) throws SQLException {
        String quantity = row.getString("quantity");
        return new VendorCost(LocalDate.parse(row.getString("day")), row.getString("account"),
                row.getString("line_item"), row.getString("model"), row.getString("bucket"),
                quantity == null ? null : new BigDecimal(quantity),
                new Money(Picos.toAmount(row.getLong("amount_pico")), row.getString("currency")));
    }
}
