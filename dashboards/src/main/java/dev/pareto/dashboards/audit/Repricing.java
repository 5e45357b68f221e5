package dev.pareto.dashboards.audit;

import dev.pareto.dashboards.ledger.Adjustment;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.CostCalculator;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.ServiceTiers;
import dev.pareto.policies.price.Usage;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Prices that became known after attempts were closed without one. It proposes adjustments, which a person looks at and the ledger
 * books; what has a cost keeps it, whatever prices say now. An adjustment that was taken back may be proposed again. Blocks.
 */
public final class Repricing {

    private static final String UNPRICED = """
                                           SELECT * FROM attempt a WHERE state <> 'OPEN' AND cost_pico IS NULL AND simulated = 0
                                             AND started_us >= ? AND started_us < ? AND (started_us > ? OR a.attempt_id > ?)
                                             AND EXISTS (SELECT 1 FROM charge_line l WHERE l.attempt_id = a.attempt_id)
                                             AND NOT EXISTS (SELECT 1 FROM adjustment p WHERE p.attempt_id = a.attempt_id AND p.kind = 'REPRICED'
                                               AND NOT EXISTS (SELECT 1 FROM adjustment r WHERE r.reverses = p.adjustment_id))
                                           ORDER BY started_us, attempt_id LIMIT ?""";

    private static final int PAGE = 1_000;

    private final JdbcClient reads;
    private final Supplier<UUID> ids;
    private final CostCalculator calculator = new CostCalculator();

    public Repricing(Store store, Supplier<UUID> ids) {
        this.reads = JdbcClient.create(store.reads());
        this.ids = ids;
    }

    private record Unpriced(String id, Instant startedAt, @Nullable String tier, String tenant, String route,
            String model, String vendor) {}

    /**
     * What could be booked now for the real attempts of some days that have no cost.
     *
     * @param from the first UTC day
     * @param to the last UTC day
     * @param book prices with the dates from which they hold; an attempt gets that of its own start
     * @param sku the thing sold by the model's name
     * @param by who proposes it
     * @param limit of what is proposed, oldest first
     */
    public List<Adjustment> preview(LocalDate from, LocalDate to, PriceBook book, UnaryOperator<String> sku,
            String by, int limit) {
        List<Adjustment> proposed = new ArrayList<>();
        List<Unpriced> page = page(micros(from), "", to);
        while (!page.isEmpty()) {
            propose(page, book, sku, by, limit, proposed);
            Unpriced last = page.getLast();
            page = page.size() < PAGE || proposed.size() >= limit
                    ? List.of()
                    : page(Micros.of(last.startedAt()), last.id(), to);
        }
        return proposed;
    }

    /** The next ones after a moment and, of that moment, after an id. */
    private List<Unpriced> page(long from, String after, LocalDate to) {
        return reads.sql(UNPRICED)
                .params(from, micros(to.plusDays(1)), from, after, PAGE)
                .query(Repricing::read)
                .list();
    }

    private void propose(List<Unpriced> page, PriceBook book, UnaryOperator<String> sku, String by, int limit,
            List<Adjustment> proposed) {
        for (Unpriced one : page) {
            if (proposed.size() >= limit) {
                return;
            }
            Cost cost = cost(one, book, sku.apply(one.model()));
            Money total = cost == null ? null : cost.total();
            if (cost != null && total != null) {
                proposed.add(new Adjustment(ids.get(), Adjustment.Kind.REPRICED,
                        LocalDate.ofInstant(one.startedAt(), ZoneOffset.UTC), UUID.fromString(one.id()), null, null,
                        one.tenant(), one.route(), one.model(), one.vendor(), null, null, cost.priceVersion(), total,
                        "the price became known later", by));
            }
        }
    }

    private @Nullable Cost cost(Unpriced one, PriceBook book, String sku) {
        Map<String, BigDecimal> quantities = new HashMap<>();
        reads.sql("SELECT bucket, quantity FROM charge_line WHERE attempt_id = ? AND bucket <> 'list'")
                .param(one.id())
                .query(row -> {
                    quantities.merge(row.getString(1), new BigDecimal(row.getString(2)), BigDecimal::add);
                });
        return quantities.isEmpty()
                ? null
                : book.at(sku, ServiceTiers.effective(one.tier(), null), one.startedAt())
                        .map(price -> calculator.cost(new Usage(quantities), price, one.startedAt()))
                        .orElse(null);
    }

    private static Unpriced read(ResultSet row, int number) throws SQLException {
        String served = row.getString("served_tier");
        return new Unpriced(row.getString("attempt_id"), Micros.toInstant(row.getLong("started_us")),
                served == null ? row.getString("requested_tier") : served, row.getString("tenant"),
                row.getString("route"), row.getString("model"), row.getString("vendor"));
    }

    private static long micros(LocalDate day) {
        return Micros.of(day.atStartOfDay(ZoneOffset.UTC).toInstant());
    }
}
