package dev.pareto.dashboards.reconcile;

import dev.pareto.dashboards.ledger.Adjustment;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.Split;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Proposes the adjustments that bring the ledger to a vendor's word, a day at a time: the difference is divided among the tenants by
 * what each was billed for that vendor on that day, to the last digit (largest remainder). A day's ids are made of the adjustments
 * that it had before, so that a difference that two see at once is booked once. Blocks.
 */
public final class TrueUp {

    private final JdbcClient reads;
    private final Reconciliation reconciliation;

    public TrueUp(Store store) {
        this.reads = JdbcClient.create(store.reads());
        this.reconciliation = new Reconciliation(store);
    }

    /**
     * For each day that was fetched and differs at all, what is to be booked together.
     *
     * @param invoice the vendor's document; empty for none yet
     * @throws IllegalArgumentException when ledger and vendor have a day in two currencies: what was booked in one would leave the
     *             ledger, and nobody could tell what the other is worth there
     */
    public List<List<Adjustment>> propose(String vendor, LocalDate from, LocalDate to, String invoice, String by) {
        // before the differences: what is booked in between then clashes instead of being booked again
        Map<LocalDate, Integer> earlier = earlier(vendor, from, to);
        List<List<Adjustment>> proposed = new ArrayList<>();
        List<ReconciledDay> days = reconciliation.days(vendor, from, to);
        requireOneCurrency(days);
        for (ReconciledDay day : days) {
            Amount difference = day.difference();
            if (difference != null && difference.value().signum() != 0) {
                proposed.add(spread(day, new Money(difference.value(), day.currency()),
                        earlier.getOrDefault(day.day(), 0), invoice, by));
            }
        }
        return proposed;
    }

    private static void requireOneCurrency(List<ReconciledDay> days) {
        for (int i = 1; i < days.size(); i++) {
            ReconciledDay before = days.get(i - 1);
            ReconciledDay it = days.get(i);
            if (it.day().equals(before.day()) && differs(it) && differs(before)) {
                throw new IllegalArgumentException(it.vendor() + " and the ledger have " + it.day() + " in "
                        + before.currency() + " and in " + it.currency()
                        + ", which cannot be set against each other; price the vendor's models in the currency of its"
                        + " bill, with exchange rates, or let the day pass");
            }
        }
    }

    private static boolean differs(ReconciledDay day) {
        return day.difference() != null && day.difference().value().signum() != 0;
    }

    private List<Adjustment> spread(ReconciledDay day, Money difference, int earlier, String invoice, String by) {
        Map<String, BigDecimal> weights = billed(day.vendor(), day.day(), day.currency());
        List<String> tenants = List.copyOf(weights.keySet());
        List<Money> parts = Split.exactly(difference, List.copyOf(weights.values()));
        List<Adjustment> adjustments = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).amount().signum() != 0) {
                adjustments.add(new Adjustment(id(day, earlier, adjustments.size()), Adjustment.Kind.TRUE_UP, day.day(),
                        null, null,
                        invoice.isEmpty() ? null : invoice, tenants.get(i), "", "", day.vendor(), null, null, null,
                        parts.get(i), "to " + day.vendor() + "'s own account of " + day.day(), by));
            }
        }
        return adjustments;
    }

    /** By its place among the day's parts, not by its tenant: the same day divided otherwise must clash too. */
    private static UUID id(ReconciledDay day, int earlier, int place) {
        return UUID.nameUUIDFromBytes(("true-up " + day.day() + " " + earlier + " " + place + " " + day.vendor())
                .getBytes(StandardCharsets.UTF_8));
    }

    /** How many adjustments of a vendor each day has; there are never fewer. */
    private Map<LocalDate, Integer> earlier(String vendor, LocalDate from, LocalDate to) {
        Map<LocalDate, Integer> earlier = new HashMap<>();
        reads.sql(
                "SELECT concerns, COUNT(*) FROM adjustment WHERE vendor = ? AND concerns >= ? AND concerns <= ? GROUP BY concerns")
                .params(vendor, from.toString(), to.toString())
                .query(row -> {
                    earlier.put(LocalDate.parse(row.getString(1)), row.getInt(2));
                });
        return earlier;
    }

    /** By tenant, in their order; the platform itself where nobody was billed. */
    private Map<String, BigDecimal> billed(String vendor, LocalDate day, String currency) {
        Map<String, BigDecimal> weights = new TreeMap<>();
        long from = Micros.of(day.atStartOfDay(ZoneOffset.UTC).toInstant());
        reads.sql("SELECT tenant, " + Picos.sum("cost_pico", "cost")
                + " FROM rollup_line_day WHERE vendor = ? AND simulated = 0 AND hour_us >= ? AND hour_us < ? AND currency = ?"
                + " GROUP BY tenant")
                .params(vendor, from, Micros.of(day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()),
                        currency)
                .query(row -> {
                    BigDecimal cost = Picos.sum(row, "cost");
                    if (cost.signum() > 0) {
                        weights.put(row.getString("tenant"), cost);
                    }
                });
        return weights.isEmpty() ? Map.of("", BigDecimal.ONE) : weights;
    }
}
