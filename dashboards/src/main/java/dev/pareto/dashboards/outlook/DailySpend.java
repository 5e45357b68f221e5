package dev.pareto.dashboards.outlook;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.Span;
import dev.pareto.dashboards.ask.Steps;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Spend by day and by the values of a dimension: of calls from the hourly sums, and what was booked beside them. Blocks. */
final class DailySpend {

    private final Reads reads;
    private final String book;

    DailySpend(Reads reads, String book) {
        this.reads = reads;
        this.book = book;
    }

    /** What calls cost, one amount for each day of the span, by value. */
    Map<String, List<Amount>> by(Dimension dimension, Question question, Span span) {
        Question divided = question.by(dimension).in(span);
        Steps days = Steps.days(span, question.zone());
        Slice slice = Slice.spendInSteps(divided, span);
        Map<String, List<Amount>> found = new HashMap<>();
        slice.query(reads, from -> "SELECT " + dimension.column() + " AS name, " + days.sql() + " AS day, "
                + reads.sumWhere("currency = :book", "cost_pico", "cost") + " FROM " + from + " GROUP BY name, day")
                .param("book", book)
                .each(row -> {
                    add(found, days, row);
                });
        return found;
    }

    /** The same of adjustments, each on the day on which it was booked; under no value where they have none of the dimension. */
    Map<String, List<Amount>> adjustments(Dimension dimension, Question question, Span span) {
        Steps days = Steps.days(span, question.zone());
        Slice slice = Slice.adjustments(question, span);
        String name = dimension.ofAdjustments() ? dimension.column() : "''";
        Map<String, List<Amount>> found = new HashMap<>();
        slice.query(reads, from -> "SELECT name, " + days.sql() + " AS day, " + reads.sum("amount_pico", "cost")
                + " FROM (SELECT " + name + " AS name, booked_us AS hour_us, amount_pico FROM " + from
                + " AND currency = :book) booked GROUP BY name, day")
                .param("book", book)
                .each(row -> {
                    add(found, days, row);
                });
        return found;
    }

    private static void add(Map<String, List<Amount>> found, Steps days, Row row) {
        Amount cost = new Amount(Picos.sum(row, "cost"));
        List<Amount> line = found.computeIfAbsent(row.getString("name"),
                name -> new ArrayList<>(Collections.nCopies(days.count(), Amount.ZERO)));
        int day = days.place(row.getLong("day"));
        line.set(day, line.get(day).plus(cost));
    }

    static List<Amount> sum(Iterable<List<Amount>> all, int days) {
        List<Amount> sum = new ArrayList<>(Collections.nCopies(days, Amount.ZERO));
        for (List<Amount> one : all) {
            for (int day = 0; day < days; day++) {
                sum.set(day, sum.get(day).plus(one.get(day)));
            }
        }
        return sum;
    }

    static Amount sum(List<Amount> days) {
        return days.stream().reduce(Amount.ZERO, Amount::plus);
    }
}
