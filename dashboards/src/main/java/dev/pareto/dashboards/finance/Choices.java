package dev.pareto.dashboards.finance;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.Span;
import dev.pareto.dashboards.store.Reads;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * By what the spend of a period, and of the one before it, can be filtered.
 *
 * @param dimensions columns first, then the first 200 tags in order; those without any value are left out
 * @param moreTags whether there are more tags
 */
public record Choices(List<Choice> dimensions, boolean moreTags) implements Report {

    private static final int MAX_VALUES = 500;
    private static final int MAX_TAGS = 200;

    public Choices {
        dimensions = List.copyOf(dimensions);
    }

    /**
     * @param values in order; at most 500
     * @param more whether there are more
     */
    public record Choice(Dimension dimension, List<String> values, boolean more) {

        public Choice {
            values = List.copyOf(values);
        }
    }

    /** Reads them; the question's own filters do not narrow them. */
    static Choices read(Reads reads, Question question) {
        Span before = question.before();
        Span span = new Span(before == null ? question.span().from() : before.from(), question.span().to());
        Question all = new Question(question.period(), question.from(), question.to(), question.zone(), span,
                question.compare(), null, List.of(), question.simulated(), List.of());
        Map<Dimension, First> columns = new LinkedHashMap<>();
        distinct(reads, all, columns, List.of(Dimension.TENANT, Dimension.ROUTE));
        distinct(reads, all, columns, List.of(Dimension.MODEL, Dimension.VENDOR, Dimension.ROLE));
        NavigableMap<String, First> tags = new TreeMap<>();
        boolean[] more = {false};
        Slice.tags(span)
                .query(reads, from -> "SELECT DISTINCT tag_key, tag_value FROM " + from)
                .each(row -> {
                    tags.computeIfAbsent(row.getString("tag_key"), key -> new First(MAX_VALUES))
                            .add(row.getString("tag_value"));
                    if (tags.size() > MAX_TAGS) {
                        tags.pollLastEntry();
                        more[0] = true;
                    }
                });
        List<Choice> choices = new ArrayList<>();
        columns.forEach((dimension, values) -> add(choices, dimension, values));
        tags.forEach((key, values) -> add(choices, new Dimension("tag." + key), values));
        return new Choices(choices, more[0]);
    }

    private static void distinct(Reads reads, Question all, Map<Dimension, First> columns,
            List<Dimension> dimensions) {
        Slice slice = Slice.spend(all.by(dimensions.toArray(new Dimension[0])), all.span());
        String names = dimensions.stream().map(Dimension::column).collect(Collectors.joining(", "));
        slice.query(reads, from -> "SELECT DISTINCT " + names + " FROM " + from)
                .each(row -> {
                    for (Dimension dimension : dimensions) {
                        columns.computeIfAbsent(dimension, other -> new First(MAX_VALUES))
                                .add(row.getString(dimension.column()));
                    }
                });
    }

    private static void add(List<Choice> choices, Dimension dimension, First values) {
        if (!values.kept.isEmpty()) {
            choices.add(new Choice(dimension, List.copyOf(values.kept), values.more));
        }
    }

    /** The first values in order, however many there are. */
    private static final class First {

        private final int most;
        private final TreeSet<String> kept = new TreeSet<>();
        private boolean more;

        First(int most) {
            this.most = most;
        }

        void add(String value) {
            kept.add(value);
            if (kept.size() > most) {
                kept.pollLast();
                more = true;
            }
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
