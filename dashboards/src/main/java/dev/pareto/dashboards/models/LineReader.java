package dev.pareto.dashboards.models;

import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.SliceQuery;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Row;
import dev.pareto.policies.price.UnitPrice;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads charge lines from their sums. Money is in the book's currency. Blocks. */
final class LineReader {

    private final Reads reads;
    private final String book;

    LineReader(Reads reads, String book) {
        this.reads = reads;
        this.book = book;
    }

    /**
     * Lines of a slice, by columns beside model, bucket and price.
     *
     * @param columns names of columns, or an expression with {@code AS} and a name
     */
    List<Bought> read(Slice slice, String... columns) {
        String chosen = Arrays.stream(columns).map(column -> column + ", ").collect(Collectors.joining());
        List<String> names = Arrays.stream(columns).map(LineReader::name).toList();
        String groups = names.stream().map(name -> name + ", ").collect(Collectors.joining());
        Map<List<@Nullable String>, Bought> found = new LinkedHashMap<>();
        query(slice, from -> "SELECT " + chosen + "model AS sold, bucket, unit_price, per, price_version,"
                + " COALESCE(SUM(quantity), 0) AS quantity, COALESCE(SUM(quantity_nano), 0) AS quantity_nano,"
                + " SUM(lines) AS lines, SUM(unpriced) AS unpriced, "
                + reads.sumWhere("currency = :book", "cost_pico", "cost") + ", "
                + listed() + " FROM " + from
                + " AND currency IN (:book, '') GROUP BY " + groups + "model, bucket, unit_price, per, price_version")
                .each(row -> {
                    Bought line = line(row, names);
                    List<@Nullable String> key = new ArrayList<>(line.key());
                    key.addAll(List.of(line.model(), line.bucket(), row.getString("unit_price"), row.getString("per"),
                            line.priceVersion()));
                    found.merge(key, line, Bought::plus);
                });
        return List.copyOf(found.values());
    }

    /** The sum at the vendors' lists, and what that did cost of which the list cost is known: sums hold nothing of the rest. */
    String listed() {
        return reads.sumWhere("currency = :book", "list_pico", "list") + ", "
                + reads.sumWhere("currency = :book AND list_pico <> 0", "cost_pico", "listed");
    }

    /** SQL for an exact sum, to be read with {@link #amount}. */
    String sumWhere(String condition, String picos, String name) {
        return reads.sumWhere(condition, picos, name);
    }

    /** @param sql from a part of the slice to a whole query that names {@code :book} */
    SliceQuery query(Slice slice, UnaryOperator<String> sql) {
        return plain(slice, sql).param("book", book);
    }

    /** The same of a query without money. */
    SliceQuery plain(Slice slice, UnaryOperator<String> sql) {
        return slice.query(reads, sql);
    }

    List<Bought> read(Question question, String... columns) {
        return read(Slice.lines(question, question.span()), columns);
    }

    /**
     * By the steps of the question's time zone.
     *
     * @param step an expression with {@code AS} and a name
     */
    List<Bought> readSteps(Question question, String step) {
        return read(Slice.linesInSteps(question, question.span()), step);
    }

    static Amount amount(Row row, String name) {
        return new Amount(Picos.sum(row, name));
    }

    private static Bought line(Row row, List<String> names) {
        List<String> key = new ArrayList<>();
        for (String name : names) {
            key.add(row.getString(name));
        }
        String price = row.getString("unit_price");
        String per = row.getString("per");
        return new Bought(key, row.getString("sold"), row.getString("bucket"), row.getString("price_version"),
                price.isEmpty() || per.isEmpty() ? null : new UnitPrice(new BigDecimal(price), new BigDecimal(per)),
                BigDecimal.valueOf(row.getLong("quantity")).add(BigDecimal.valueOf(row.getLong("quantity_nano"), 9)),
                row.getLong("lines"), row.getLong("unpriced"), amount(row, "cost"), amount(row, "list"),
                amount(row, "listed"));
    }

    private static String name(String column) {
        int as = column.lastIndexOf(" AS ");
        return as < 0 ? column : column.substring(as + 4);
    }
}
