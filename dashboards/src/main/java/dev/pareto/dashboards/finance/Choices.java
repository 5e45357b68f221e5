package dev.pareto.dashboards.finance;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.Span;
import dev.pareto.dashboards.store.Micros;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * By what the spend of a period, and of the one before it, can be filtered.
 *
 * @param dimensions columns first, then tags; those without any value are left out
 */
public record Choices(List<Choice> dimensions) implements Report {

    private static final int MAX_VALUES = 500;

    public Choices {
        dimensions = List.copyOf(dimensions);
    }

    /**
     * @param values in order; at most 500
     */
    public record Choice(Dimension dimension, List<String> values) {

        public Choice {
            values = List.copyOf(values);
        }
    }

    /** Reads them; the question's own filters do not narrow them. */
    static Choices read(JdbcClient reads, Question question) {
        Span before = question.before();
        Span span = new Span(before == null ? question.span().from() : before.from(), question.span().to());
        Question all = new Question(question.period(), question.from(), question.to(), question.zone(), span,
                question.compare(), null, List.of(), question.simulated(), List.of());
        Map<Dimension, TreeSet<String>> columns = new LinkedHashMap<>();
        distinct(reads, all, columns, List.of(Dimension.TENANT, Dimension.ROUTE));
        distinct(reads, all, columns, List.of(Dimension.MODEL, Dimension.VENDOR, Dimension.ROLE));
        Map<String, TreeSet<String>> tags = new TreeMap<>();
        reads.sql(
                "SELECT DISTINCT tag_key, tag_value FROM rollup_tag_value_day WHERE hour_us >= :from AND hour_us < :to")
                .param("from", Micros.dayOf(Micros.of(span.from())))
                .param("to", Micros.of(span.to()))
                .query(row -> {
                    tags.computeIfAbsent(row.getString("tag_key"), key -> new TreeSet<>())
                            .add(row.getString("tag_value"));
                });
        List<Choice> choices = new ArrayList<>();
        columns.forEach((dimension, values) -> add(choices, dimension, values));
        tags.forEach((key, values) -> add(choices, new Dimension("tag." + key), values));
        return new Choices(choices);
    }

    private static void distinct(JdbcClient reads, Question all, Map<Dimension, TreeSet<String>> columns,
            List<Dimension> dimensions) {
        Slice slice = Slice.spend(all.by(dimensions.toArray(new Dimension[0])), all.span());
        String names = dimensions.stream().map(Dimension::column).collect(Collectors.joining(", "));
        Sums.query(reads, slice, "", from -> "SELECT DISTINCT " + names + " FROM " + from).query(row -> {
            for (Dimension dimension : dimensions) {
                columns.computeIfAbsent(dimension, other -> new TreeSet<>()).add(row.getString(dimension.column()));
            }
        });
    }

    private static void add(List<Choice> choices, Dimension dimension, TreeSet<String> values) {
        if (!values.isEmpty()) {
            choices.add(new Choice(dimension, values.stream().limit(MAX_VALUES).toList()));
        }
    }

    @Override
    public Sheet sheet() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        dimensions.forEach(choice -> choice.values()
                .forEach(value -> rows.add(Sheet.row(choice.dimension().id(), value))));
        return new Sheet("choices", List.of("dimension", "value"), rows);
    }
}
