package dev.pareto.dashboards.outlook;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Filter;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Simulated;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.savings.Side;
import dev.pareto.dashboards.savings.UnitCost;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.policies.experiment.HoldOut;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the requests that a hold-out divided: everything that each cost, whoever answered in the end. Blocks. */
final class HeldOut {

    /** Units of which each has a sum of its own; where there are more, they share sums, and the interval stays one of groups of them. */
    private static final int MOST_UNITS = 20_000;
    private static final int FETCH = 1_000;

    private final Reads reads;
    private final String book;

    HeldOut(Reads reads, String book) {
        this.reads = reads;
        this.book = book;
    }

    /**
     * @param units by route
     * @param held requests held out, by route
     * @param since the first request that was divided; null when there is none
     * @param delivered the share of held-out requests that the baseline did serve
     * @param unpriced requests left out because a call's cost is unknown, or billed in another currency
     */
    record Found(Map<String, List<UnitCost>> units, Map<String, Long> held, @Nullable Instant since,
            @Nullable BigDecimal delivered, long unpriced) {}

    Found read(Question question) {
        var sums = new UnitSums(MOST_UNITS);
        Tally tally = new Tally();
        List<String> conditions = new ArrayList<>(List.of("e.experiment = :experiment", "e.run = :run",
                "e.at_us >= :from", "e.at_us < :to", "a.state <> 'OPEN'"));
        Map<String, Object> parameters = new HashMap<>(Map.of("experiment", HoldOut.NAME, "run", HoldOut.RUN, "from",
                Micros.of(question.span().from()), "to", Micros.of(question.span().to()), "book", book));
        for (Filter filter : question.filters()) {
            String name = filter.dimension().equals(Dimension.ROUTE) ? "route" : "tenant";
            conditions.add("a." + name + " IN (:" + name + ")");
            parameters.put(name, filter.values());
        }
        if (question.simulated() != Simulated.WITH) {
            conditions.add("a.simulated = " + (question.simulated() == Simulated.ONLY ? 1 : 0));
        }
        reads.sql("SELECT a.route AS route, e.arm AS arm, e.unit AS unit, e.at_us AS at_us, e.delivered AS delivered,"
                + " SUM(CASE WHEN a.currency = :book THEN a.cost_pico ELSE 0 END) AS cost,"
                + " SUM(CASE WHEN a.cost_pico IS NULL OR a.cost_pico <> 0 AND a.currency <> :book THEN 1 ELSE 0 END) AS unpriced"
                + " FROM exposure e JOIN attempt a ON a.request_id = e.request_id WHERE "
                + String.join(" AND ", conditions)
                + " GROUP BY e.request_id, a.route, e.arm, e.unit, e.at_us, e.delivered")
                .params(parameters)
                .withFetchSize(FETCH)
                .query(row -> {
                    Side side = row.getString("arm").equals(HoldOut.HELD) ? Side.HELD_OUT : Side.COMPARED;
                    tally.first = Math.min(tally.first, row.getLong("at_us"));
                    if (side == Side.HELD_OUT) {
                        tally.held.merge(row.getString("route"), 1L, Long::sum);
                        tally.delivered += row.getInt("delivered");
                    }
                    if (row.getLong("unpriced") > 0) {
                        tally.unpriced++;
                        return;
                    }
                    sums.add(row.getString("route"), side, row.getLong("unit"), row.getLong("cost"));
                });
        return tally.found(sums.units());
    }

    private static final class Tally {
        private final Map<String, Long> held = new HashMap<>();
        private long first = Long.MAX_VALUE;
        private long delivered;
        private long unpriced;

        Found found(Map<String, List<UnitCost>> units) {
            long all = held.values().stream().mapToLong(Long::longValue).sum();
            return new Found(units, held, first == Long.MAX_VALUE ? null : Micros.toInstant(first),
                    all == 0
                            ? null
                            : BigDecimal.valueOf(delivered)
                                    .divide(BigDecimal.valueOf(all), 4, RoundingMode.HALF_EVEN),
                    unpriced);
        }
    }
}
