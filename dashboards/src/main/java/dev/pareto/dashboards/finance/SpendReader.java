package dev.pareto.dashboards.finance;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.Span;
import dev.pareto.dashboards.ask.Steps;
import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Row;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Spend by up to two dimensions, of hours that a question names. What has no value of a dimension has the empty one: calls
 * without the tag, and adjustments where they have no such thing; so the parts always add up to the whole. Blocks.
 */
final class SpendReader {

    /** Roles of calls beside the answer that a caller gets. */
    static final Set<String> OVERHEAD = Arrays.stream(AttemptRole.values())
            .filter(role -> !role.answersCaller())
            .map(Enum::name)
            .collect(Collectors.toUnmodifiableSet());

    private static final String STEP = "step_no";

    private final Reads reads;
    private final String book;

    SpendReader(Reads reads, String book) {
        this.reads = reads;
        this.book = book;
    }

    Spend total(Question question, Span span) {
        return by(question, span, List.of()).getOrDefault(List.of(), Spend.NONE);
    }

    /** By the values of the dimensions, in their order. */
    Map<List<String>, Spend> by(Question question, Span span, List<Dimension> dimensions) {
        Map<List<String>, Spend> found = new LinkedHashMap<>();
        calls(question, span, dimensions, Sums.columns(reads))
                .forEach((key, sums) -> found.put(key, new Spend(sums, Amount.ZERO)));
        adjustments(question, span, dimensions).forEach((key, amount) -> found.merge(key, new Spend(Sums.NONE, amount),
                Spend::plus));
        found.values().removeIf(Spend::isNothing);
        return found;
    }

    /** What each of those came to, and nothing else of it. */
    Map<List<String>, Amount> amounts(Question question, Span span, List<Dimension> dimensions) {
        Map<List<String>, Amount> found = new LinkedHashMap<>();
        calls(question, span, dimensions, Sums.costs(reads)).forEach((key, sums) -> {
            if (!sums.isNothing()) {
                found.put(key, sums.cost());
            }
        });
        adjustments(question, span, dimensions).forEach((key, amount) -> {
            if (amount.value().signum() != 0) {
                found.merge(key, amount, Amount::plus);
            }
        });
        return found;
    }

    /** Calls alone, by step and the values of at most one dimension. */
    Map<String, List<Sums>> series(Question question, Span span, Steps steps, List<Dimension> dimensions) {
        Map<String, List<Sums>> lines = new LinkedHashMap<>();
        Question asked = question.by(dimensions.toArray(new Dimension[0]));
        Sums.query(reads, Slice.spendInSteps(asked, span), book,
                from -> "SELECT " + columns(dimensions) + steps.sql() + " AS "
                        + STEP + ", " + Sums.columns(reads) + " FROM " + from + " GROUP BY " + columns(dimensions)
                        + STEP)
                .each(row -> {
                    List<Sums> line = lines.computeIfAbsent(String.join(" ", key(row, dimensions)),
                            key -> new ArrayList<>(java.util.Collections.nCopies(steps.count(), Sums.NONE)));
                    int place = steps.place(row.getLong(STEP));
                    line.set(place, line.get(place).plus(Sums.read(row)));
                });
        return lines;
    }

    /** Cost of calls that should have answered a caller and did not whole, by model. */
    Map<String, BigDecimal> wasted(Question question, Span span) {
        Map<String, BigDecimal> wasted = new HashMap<>();
        Sums.query(reads, Slice.of(question.by(), span), book,
                from -> "SELECT model, " + Sums.money(reads, "wasted_pico", "wasted")
                        + " FROM " + from + " AND wasted_pico <> 0 AND role NOT IN (:overhead) GROUP BY model")
                .param("overhead", OVERHEAD)
                .each(row -> {
                    wasted.merge(row.getString("model"), Sums.amount(row, "wasted").value(), BigDecimal::add);
                });
        return wasted;
    }

    private Map<List<String>, Sums> calls(Question question, Span span, List<Dimension> dimensions, String columns) {
        Map<List<String>, Sums> found = read(Slice.spend(question.by(dimensions.toArray(new Dimension[0])), span),
                dimensions, columns);
        int tag = tagPlace(dimensions);
        if (tag < 0 || question.filtersByTag()) {
            return found;
        }
        List<Dimension> others = dimensions.stream().filter(dimension -> !dimension.isTag()).toList();
        Map<List<String>, Sums> rest = read(Slice.spend(question.by(others.toArray(new Dimension[0])), span), others,
                columns);
        found.forEach((key, sums) -> rest.merge(without(key, tag), sums, Sums::minus));
        rest.forEach((key, sums) -> found.merge(with(key, tag), sums, Sums::plus));
        return found;
    }

    private static int tagPlace(List<Dimension> dimensions) {
        for (int i = 0; i < dimensions.size(); i++) {
            if (dimensions.get(i).isTag()) {
                return i;
            }
        }
        return -1;
    }

    private Map<List<String>, Sums> read(Slice slice, List<Dimension> dimensions, String sums) {
        Map<List<String>, Sums> found = new LinkedHashMap<>();
        Sums.query(reads, slice, book, from -> "SELECT " + columns(dimensions) + sums + " FROM " + from
                + groups(dimensions)).each(row -> {
                    found.merge(key(row, dimensions), Sums.read(row), Sums::plus);
                });
        return found;
    }

    /** What was booked beside calls, by the values of the dimensions. */
    Map<List<String>, Amount> adjustments(Question question, Span span, List<Dimension> dimensions) {
        List<Dimension> theirs = dimensions.stream().filter(Dimension::ofAdjustments).toList();
        Map<List<String>, Amount> found = new LinkedHashMap<>();
        Slice slice = Slice.adjustments(question, span);
        slice.query(reads, from -> "SELECT " + columns(theirs) + reads.sum("amount_pico", "amount") + " FROM "
                + from + " AND currency = :book" + groups(theirs))
                .param("book", book)
                .each(row -> {
                    List<String> key = new ArrayList<>();
                    for (Dimension dimension : dimensions) {
                        key.add(dimension.ofAdjustments() ? row.getString(dimension.column()) : "");
                    }
                    found.merge(key, Sums.amount(row, "amount"), Amount::plus);
                });
        return found;
    }

    /** What was booked beside calls, by step. */
    List<Amount> adjustments(Question question, Span span, Steps steps) {
        List<Amount> found = new ArrayList<>(java.util.Collections.nCopies(steps.count(), Amount.ZERO));
        Slice slice = Slice.adjustments(question, span);
        slice.query(reads, from -> "SELECT " + steps.sql() + " AS " + STEP + ", "
                + reads.sum("amount_pico", "amount") + " FROM (SELECT booked_us AS hour_us, amount_pico FROM " + from
                + " AND currency = :book) booked GROUP BY " + STEP)
                .param("book", book)
                .each(row -> {
                    int place = steps.place(row.getLong(STEP));
                    found.set(place, found.get(place).plus(Sums.amount(row, "amount")));
                });
        return found;
    }

    private static String columns(List<Dimension> dimensions) {
        return dimensions.stream().map(dimension -> dimension.column() + ", ").collect(Collectors.joining());
    }

    private static String groups(List<Dimension> dimensions) {
        return dimensions.isEmpty()
                ? ""
                : dimensions.stream().map(Dimension::column).collect(Collectors.joining(", ", " GROUP BY ", ""));
    }

    private static List<String> key(Row row, List<Dimension> dimensions) {
        List<String> key = new ArrayList<>();
        for (Dimension dimension : dimensions) {
            key.add(row.getString(dimension.column()));
        }
        return key;
    }

    private static List<String> without(List<String> key, int place) {
        List<String> rest = new ArrayList<>(key);
        rest.remove(place);
        return rest;
    }

    private static List<String> with(List<String> key, int place) {
        List<String> whole = new ArrayList<>(key);
        whole.add(place, "");
        return whole;
    }
}
