package dev.pareto.dashboards.finance;

import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.SliceQuery;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Row;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the roll-ups by hour and by tag both hold about some calls. Money is in the book's currency; calls in another are in the
 * counts alone.
 *
 * @param requests requests that callers sent
 * @param answered requests that got a whole answer
 * @param unpriced calls whose cost is unknown; they are in no sum of money
 * @param cost what will be billed
 * @param list the same at the vendors' lists
 * @param estimated the part of the cost that rests on our own counts or on reservations
 * @param wasted the part of the cost that went to calls without a whole answer
 * @param baseline what the baselines would have cost, where they are known
 * @param compared what those same calls did cost
 */
public record Sums(long attempts, long requests, long answered, long unpriced, long inputTokens, long outputTokens,
        Amount cost, Amount list, Amount estimated, Amount wasted, Amount baseline, Amount compared) {

    public static final Sums NONE = new Sums(0, 0, 0, 0, 0, 0, Amount.ZERO, Amount.ZERO, Amount.ZERO, Amount.ZERO,
            Amount.ZERO, Amount.ZERO);

    private static final String[] COUNTS = {"attempts", "requests", "answered", "unpriced", "input_tokens",
            "output_tokens"};
    private static final String[] AMOUNTS = {"cost", "list", "estimated", "wasted", "baseline", "compared"};

    /** The columns to select; the query must name a parameter {@code :book}. */
    static String columns(Reads reads) {
        return columns(reads, Set.of(AMOUNTS));
    }

    /** The same of which the cost is the only money: a third of the work, and the other amounts are zero. */
    static String costs(Reads reads) {
        return columns(reads, Set.of("cost"));
    }

    private static String columns(Reads reads, Set<String> summed) {
        StringBuilder sql = new StringBuilder();
        for (String count : COUNTS) {
            sql.append("COALESCE(SUM(").append(count).append("), 0) AS ").append(count).append(", ");
        }
        for (String amount : AMOUNTS) {
            sql.append(summed.contains(amount)
                    ? money(reads, amount + "_pico", amount)
                    : "0 AS %1$s_high, 0 AS %1$s_low".formatted(amount)).append(", ");
        }
        return sql.substring(0, sql.length() - 2);
    }

    /** The two halves of a sum in the book's currency. */
    static String money(Reads reads, String column, String name) {
        return reads.sumWhere("currency = :book", column, name);
    }

    static Amount amount(Row row, String name) {
        return new Amount(Picos.sum(row, name));
    }

    static Sums read(Row row) {
        return new Sums(row.getLong("attempts"), row.getLong("requests"), row.getLong("answered"),
                row.getLong("unpriced"), row.getLong("input_tokens"), row.getLong("output_tokens"),
                amount(row, "cost"), amount(row, "list"), amount(row, "estimated"), amount(row, "wasted"),
                amount(row, "baseline"), amount(row, "compared"));
    }

    /** @param sql from a part of the slice to a whole query; its groups come once for each part */
    static SliceQuery query(Reads reads, Slice slice, String book, UnaryOperator<String> sql) {
        return slice.query(reads, sql).param("book", book);
    }

    Sums plus(Sums other) {
        return new Sums(attempts + other.attempts, requests + other.requests, answered + other.answered,
                unpriced + other.unpriced, inputTokens + other.inputTokens, outputTokens + other.outputTokens,
                cost.plus(other.cost), list.plus(other.list), estimated.plus(other.estimated),
                wasted.plus(other.wasted), baseline.plus(other.baseline), compared.plus(other.compared));
    }

    Sums minus(Sums other) {
        return new Sums(attempts - other.attempts, requests - other.requests, answered - other.answered,
                unpriced - other.unpriced, inputTokens - other.inputTokens, outputTokens - other.outputTokens,
                cost.minus(other.cost), list.minus(other.list), estimated.minus(other.estimated),
                wasted.minus(other.wasted), baseline.minus(other.baseline), compared.minus(other.compared));
    }

    boolean isNothing() {
        return attempts == 0 && cost.value().signum() == 0;
    }

    /** Change from one amount to another as a fraction, at four decimals; null from nothing. */
    static @Nullable BigDecimal change(Amount now, Amount before) {
        return before.value().signum() == 0
                ? null
                : now.value().subtract(before.value()).divide(before.value().abs(), 4, RoundingMode.HALF_EVEN);
    }
}
