package dev.pareto.dashboards.reconcile;

import dev.pareto.dashboards.ledger.Adjustment;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.Split;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Proposes the adjustments that bring the ledger to a vendor's word, a day at a time: the difference is divided among the tenants by
 * what each was billed for that vendor on that day, to the last digit (largest remainder). Blocks.
 */
public final class TrueUp {

    private final JdbcClient reads;
    private final Reconciliation reconciliation;
    private final Supplier<UUID> ids;

    public TrueUp(Store store, Supplier<UUID> ids) {
        this.reads = JdbcClient.create(store.reads());
        this.reconciliation = new Reconciliation(store);
        this.ids = ids;
    }

    /**
     * For each day that was fetched and differs at all.
     *
     * @param invoice the vendor's document; empty for none yet
     */
    public List<Adjustment> propose(String vendor, LocalDate from, LocalDate to, String invoice, String by) {
        List<Adjustment> proposed = new ArrayList<>();
        for (ReconciledDay day : reconciliation.days(vendor, from, to)) {
            Amount difference = day.difference();
            if (difference != null && difference.value().signum() != 0) {
                proposed.addAll(spread(day, new Money(difference.value(), day.currency()), invoice, by));
            }
        }
        return proposed;
    }

    private List<Adjustment> spread(ReconciledDay day, Money difference, String invoice, String by) {
        Map<String, BigDecimal> weights = billed(day.vendor(), day.day());
        List<String> tenants = List.copyOf(weights.keySet());
        List<Money> parts = Split.exactly(difference, List.copyOf(weights.values()));
        List<Adjustment> adjustments = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).amount().signum() != 0) {
                adjustments.add(new Adjustment(ids.get(), Adjustment.Kind.TRUE_UP, day.day(), null, null,
                        invoice.isEmpty() ? null : invoice, tenants.get(i), "", "", day.vendor(), null, null, null,
                        parts.get(i), "to " + day.vendor() + "'s own account of " + day.day(), by));
            }
        }
        return adjustments;
    }

    /** By tenant, in their order; the platform itself where nobody was billed. */
    private Map<String, BigDecimal> billed(String vendor, LocalDate day) {
        Map<String, BigDecimal> weights = new TreeMap<>();
        long from = Micros.of(day.atStartOfDay(ZoneOffset.UTC).toInstant());
        reads.sql("SELECT tenant, " + Picos.sum("cost_pico", "cost")
                + " FROM rollup_line_day WHERE vendor = ? AND simulated = 0 AND hour_us >= ? AND hour_us < ? GROUP BY tenant")
                .params(vendor, from, Micros.of(day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()))
                .query(row -> {
                    BigDecimal cost = Picos.toAmount(row.getLong("cost_high"), row.getLong("cost_low"));
                    if (cost.signum() > 0) {
                        weights.put(row.getString("tenant"), cost);
                    }
                });
        return weights.isEmpty() ? Map.of("", BigDecimal.ONE) : weights;
    }
}
