package dev.pareto.dashboards.budget;

import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.Span;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.budget.BudgetPeriod.Window;
import dev.pareto.policies.budget.BudgetPlan;
import dev.pareto.policies.budget.BudgetScope;
import dev.pareto.policies.catalog.ModelId;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the ledger says that a budget's period has taken: the roll-ups for whole hours, the rows themselves for the hour in which a
 * gateway took over the counting, and the reservations of rows that are open. Blocks; reads one consistent state.
 */
public final class BudgetBooks {

    private static final TypeReference<Map<String, String>> TAGS = new TypeReference<>() {};
    private static final ZoneId UTC = ZoneId.of("UTC");
    /** Budgets, those of earlier configurations among them. */
    private static final int MOST_KEPT = 1_000;
    /** After which the opening of a call is in the ledger, or was refused. */
    private static final Duration WRITTEN = Duration.ofMinutes(1);

    private final Reads reads;
    private final TransactionTemplate snapshot;
    private final Map<Earlier, Taken> earlier = new ConcurrentHashMap<>();

    /** What a gateway had closed in the hour in which it took over, before it did. */
    private record Earlier(BudgetScope scope, Instant from, Instant to, String replica) {}

    public BudgetBooks(Store store) {
        this.reads = Reads.of(store);
        this.snapshot = new TransactionTemplate(new JdbcTransactionManager(store.reads()));
    }

    /**
     * Everything of a period but what one gateway counts itself.
     *
     * @param replica the name under which that gateway writes
     * @param since from which start on it counts its own calls; they are left out
     */
    public Taken beside(BudgetPlan plan, Window window, Instant now, String replica, Instant since) {
        return Objects.requireNonNull(snapshot.execute(status -> read(plan.scope(), window, now, replica, since)));
    }

    private Taken read(BudgetScope scope, Window window, Instant now, String replica, Instant since) {
        Instant to = window.to() == null ? BudgetQuestion.endOfHour(now) : window.to();
        Instant takeOver = BudgetQuestion.startOfHour(since);
        Taken taken = Taken.NOTHING;
        Instant before = takeOver.isBefore(to) ? takeOver : to;
        if (window.from().isBefore(before)) {
            taken = taken.plus(hours(scope, new Span(window.from(), before), null));
        }
        Instant others = window.from().isAfter(takeOver) ? window.from() : takeOver;
        if (others.isBefore(to)) {
            taken = taken.plus(hours(scope, new Span(others, to), replica));
            if (others.isBefore(since)) {
                taken = taken.plus(earlier(new Earlier(scope, others, since.isBefore(to) ? since : to, replica), now));
            }
        }
        return taken.plus(open(scope, window.from(), to, replica, since));
    }

    /** @param except whose sums are left out; null for nobody's */
    private Taken hours(BudgetScope scope, Span span, @Nullable String except) {
        Slice slice = Slice.spend(BudgetQuestion.of(scope, span, UTC), span);
        var query = slice.query(reads, from -> "SELECT "
                + reads.sumWhere("currency = '" + BudgetPlan.CURRENCY + "'", "cost_pico", "cost")
                + ", COALESCE(SUM(unpriced), 0) AS unpriced FROM " + from
                + (except == null ? "" : " AND replica <> :except"));
        return (except == null ? query : query.param("except", except))
                .list(row -> new Taken(Picos.sum(row, "cost"), row.getLong("unpriced"), BigDecimal.ZERO, 0, 0))
                .stream()
                .reduce(Taken.NOTHING, Taken::plus);
    }

    /**
     * Not read again once nothing of it is open and nothing can be added any more: these may be hundreds of thousands of rows, and budgets
     * are read every second.
     */
    private Taken earlier(Earlier part, Instant now) {
        Taken known = earlier.get(part);
        if (known != null) {
            return known;
        }
        // asked before the rows are read: what closes in between is in them
        boolean whole = now.isAfter(part.to().plus(WRITTEN)) && !anyOpen(part);
        Taken taken = rows(part.scope(), part.from(), part.to(), part.replica());
        if (whole) {
            if (earlier.size() >= MOST_KEPT) {
                earlier.clear();
            }
            earlier.put(part, taken);
        }
        return taken;
    }

    private boolean anyOpen(Earlier part) {
        return !reads.sql("""
                          SELECT 1 FROM attempt
                          WHERE state = 'OPEN' AND started_us >= ? AND started_us < ? AND replica = ? LIMIT 1""")
                .params(Micros.of(part.from()), Micros.of(part.to()), part.replica())
                .query(Integer.class)
                .list()
                .isEmpty();
    }

    /** Closed rows of one gateway: less than an hour of them, which may be hundreds of thousands. */
    private Taken rows(BudgetScope scope, Instant from, Instant to, String replica) {
        return reads
                .sql("SELECT tenant, tags, route, model, currency, COUNT(*) AS calls, COUNT(cost_pico) AS priced, "
                        + reads.sum("cost_pico", "cost")
                        + """
                           FROM attempt
                          WHERE started_us >= ? AND started_us < ? AND state <> 'OPEN' AND simulated = 0 AND replica = ?
                          GROUP BY tenant, tags, route, model, currency""")
                .params(Micros.of(from), Micros.of(to), replica)
                .query((row, number) -> {
                    if (!covers(scope, row)) {
                        return Taken.NOTHING;
                    }
                    long calls = row.getLong("calls");
                    return isForeign(row.getString("currency"))
                            ? new Taken(BigDecimal.ZERO, calls, BigDecimal.ZERO, 0, 0)
                            : new Taken(Picos.sum(row, "cost"), calls - row.getLong("priced"), BigDecimal.ZERO, 0, 0);
                })
                .list()
                .stream()
                .reduce(Taken.NOTHING, Taken::plus);
    }

    private Taken open(BudgetScope scope, Instant from, Instant to, String replica, Instant since) {
        return reads.sql("""
                         SELECT tenant, tags, route, model, currency, reserved_pico AS pico FROM attempt
                         WHERE state = 'OPEN' AND started_us >= ? AND started_us < ? AND simulated = 0
                           AND (replica <> ? OR started_us < ?)""")
                .params(Micros.of(from), Micros.of(to), replica, Micros.of(since))
                .query((row, number) -> {
                    BigDecimal worst = amount(row);
                    return covers(scope, row)
                            ? new Taken(BigDecimal.ZERO, 0, worst == null ? BigDecimal.ZERO : worst, 1,
                                    worst == null ? 1 : 0)
                            : Taken.NOTHING;
                })
                .list()
                .stream()
                .reduce(Taken.NOTHING, Taken::plus);
    }

    private static boolean covers(BudgetScope scope, ResultSet row) throws SQLException {
        return scope.covers(row.getString("tenant"), JsonMapper.shared().readValue(row.getString("tags"), TAGS),
                row.getString("route"), ModelId.parse(row.getString("model")));
    }

    private static @Nullable BigDecimal amount(ResultSet row)
            throws SQLException {
        long pico = row.getLong("pico");
        boolean unknown = row.wasNull();
        return unknown || isForeign(row.getString("currency")) ? null : Picos.toAmount(pico);
    }

    /** Without a rate, so that its amount is unknown here. */
    private static boolean isForeign(@Nullable String currency) {
        return currency != null && !currency.equals(BudgetPlan.CURRENCY);
    }
}
