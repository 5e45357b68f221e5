package dev.pareto.dashboards.finance;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Who pays what: spend by one dimension, and across by a second one. What is shown of the rows, and of a row's cells, adds up to
 * the total shown; the exact amounts stand beside.
 *
 * @param columns the values of the second dimension, dearest first; empty where there is none
 * @param rows dearest first
 * @param gatheredRows how many values share the last row, {@link #OTHERS}; 0 where each has its own
 * @param gatheredColumns how many values share the last column
 * @param tags the keys of tags that calls of the period carry
 */
public record Chargeback(Frame frame, List<Dimension> by, List<String> columns, List<Row> rows, Total total,
        int gatheredRows, int gatheredColumns, List<String> tags) implements Report {

    /** What stands for the values beyond the dearest ones. */
    static final String OTHERS = "(others)";

    private static final int MOST_ROWS = 1_000;
    private static final int MOST_COLUMNS = 60;

    public Chargeback {
        by = List.copyOf(by);
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        tags = List.copyOf(tags);
    }

    /**
     * One value of the first dimension.
     *
     * @param value empty for what has none
     * @param spend calls and adjustments
     * @param shown the same as a table shows it
     * @param before in the period compared to; null when there is none
     * @param change as a fraction; null from nothing
     * @param share of the total; null when that is zero
     * @param saved baseline less cost, where baselines are known
     * @param cells one for each column
     */
    public record Row(String value, Amount spend, String shown, @Nullable Amount before, @Nullable BigDecimal change,
            @Nullable BigDecimal share, Amount adjustments, long requests, long answered, long inputTokens,
            long outputTokens, long unpriced, Amount estimated, Amount wasted, Amount saved, List<Cell> cells) {

        public Row {
            cells = List.copyOf(cells);
        }
    }

    public record Cell(Amount spend, String shown) {}

    /** The sums of the rows. */
    public record Total(Amount spend, String shown, @Nullable Amount before, @Nullable BigDecimal change,
            Amount adjustments, long requests, long answered, long inputTokens, long outputTokens, long unpriced,
            Amount estimated, Amount wasted, Amount saved, List<Cell> cells) {

        public Total {
            cells = List.copyOf(cells);
        }
    }

    @Override
    public Sheet sheet() {
        List<String> names = new ArrayList<>();
        by.forEach(dimension -> names.add(dimension.id()));
        if (!columns.isEmpty()) {
            names.addAll(List.of("spend", "currency"));
            List<List<@Nullable Object>> long_ = new ArrayList<>();
            for (Row row : rows) {
                for (int i = 0; i < columns.size(); i++) {
                    if (row.cells().get(i).spend().value().signum() != 0) {
                        long_.add(Sheet.row(row.value(), columns.get(i), row.cells().get(i).spend().value(),
                                frame.currency()));
                    }
                }
            }
            return new Sheet("chargeback", names, long_);
        }
        names.addAll(List.of("spend", "currency", "before", "adjustments", "requests", "answered", "input_tokens",
                "output_tokens", "unpriced_calls", "estimated", "wasted", "saved"));
        List<List<@Nullable Object>> lines = new ArrayList<>();
        for (Row row : rows) {
            Amount before = row.before();
            lines.add(Sheet.row(row.value(), row.spend().value(), frame.currency(),
                    before == null ? null : before.value(), row.adjustments().value(), row.requests(), row.answered(),
                    row.inputTokens(), row.outputTokens(), row.unpriced(), row.estimated().value(),
                    row.wasted().value(), row.saved().value()));
        }
        return new Sheet("chargeback", names, lines);
    }

    /** Computes it. */
    static Chargeback of(Frame frame, SpendReader reader, Question question, List<String> tags) {
        List<Dimension> by = question.groupBy();
        Dimension first = by.getFirst();
        Map<List<String>, Spend> each = reader.by(question, question.span(), List.of(first));
        Map<List<String>, Amount> eachCell = by.size() < 2
                ? Map.of()
                : reader.amounts(question, question.span(), by);
        Map<List<String>, Spend> eachBefore = question.before() == null
                ? Map.of()
                : reader.by(question, question.before(), List.of(first));
        Map<String, Amount> amounts = new LinkedHashMap<>();
        rows(each, eachBefore).forEach((value, spend) -> amounts.put(value, spend.amount()));
        List<String> allRows = dearest(amounts);
        List<String> order = kept(allRows, MOST_ROWS);
        List<String> allColumns = columns(eachCell);
        List<String> columns = kept(allColumns, MOST_COLUMNS);
        Map<List<String>, Amount> cells = gathered(eachCell, List.of(order, columns), Amount::plus);
        Map<List<String>, Spend> now = gathered(each, List.of(order), Spend::plus);
        Map<List<String>, Spend> before = gathered(eachBefore, List.of(order), Spend::plus);
        Map<String, Spend> rows = rows(now, before);
        Spend total = now.values().stream().reduce(Spend.NONE, Spend::plus);
        int decimals = Shown.decimals(total.amount());
        List<String> shown = Shown.parts(order.stream().map(value -> spend(rows, value).amount()).toList(), decimals);
        List<Row> table = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            String value = order.get(i);
            Amount then = question.before() == null
                    ? null
                    : before.getOrDefault(List.of(value), Spend.NONE).amount();
            table.add(row(value, spend(rows, value), shown.get(i), then, total.amount(),
                    cells(cells, value, columns, new BigDecimal(shown.get(i)), decimals)));
        }
        return new Chargeback(frame, by, columns, table, total(total, table, question, before, columns, decimals),
                gathered(allRows, MOST_ROWS), gathered(allColumns, MOST_COLUMNS), tags);
    }

    /** By value of the first dimension, those of the period before among them. */
    private static Map<String, Spend> rows(Map<List<String>, Spend> now, Map<List<String>, Spend> before) {
        Map<String, Spend> rows = new LinkedHashMap<>();
        now.forEach((key, spend) -> rows.merge(key.getFirst(), spend, Spend::plus));
        before.keySet().forEach(key -> rows.putIfAbsent(key.getFirst(), Spend.NONE));
        return rows;
    }

    /** The first values, and one for all others where there are too many for a table. */
    private static List<String> kept(List<String> values, int most) {
        if (values.size() <= most) {
            return values;
        }
        List<String> kept = new ArrayList<>(values.subList(0, most));
        kept.remove(OTHERS);
        kept.add(OTHERS);
        return kept;
    }

    private static int gathered(List<String> values, int most) {
        return Math.max(0, values.size() - most);
    }

    /** The same sums, with those of the values that have no place of their own together. */
    private static <T> Map<List<String>, T> gathered(Map<List<String>, T> each, List<List<String>> kept,
            BinaryOperator<T> plus) {
        List<Set<String>> places = kept.stream().map(values -> (Set<String>) new HashSet<>(values)).toList();
        Map<List<String>, T> gathered = new LinkedHashMap<>();
        each.forEach((key, sum) -> {
            List<String> place = new ArrayList<>();
            for (int i = 0; i < key.size(); i++) {
                place.add(places.get(i).contains(key.get(i)) ? key.get(i) : OTHERS);
            }
            gathered.merge(place, sum, plus);
        });
        return gathered;
    }

    private static Spend spend(Map<String, Spend> rows, String value) {
        return rows.getOrDefault(value, Spend.NONE);
    }

    private static Row row(String value, Spend spend, String shown, @Nullable Amount before, Amount total,
            List<Cell> cells) {
        Sums sums = spend.sums();
        return new Row(value, spend.amount(), shown, before,
                before == null ? null : Sums.change(spend.amount(), before), spend.amount().shareOf(total),
                spend.adjustments(), sums.requests(), sums.answered(), sums.inputTokens(), sums.outputTokens(),
                sums.unpriced(), sums.estimated(), sums.wasted(), sums.baseline().minus(sums.compared()), cells);
    }

    private static Total total(Spend total, List<Row> rows, Question question, Map<List<String>, Spend> before,
            List<String> columns, int decimals) {
        Amount then = question.before() == null
                ? null
                : before.values().stream().reduce(Spend.NONE, Spend::plus).amount();
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Amount exact = Amount.ZERO;
            BigDecimal shown = BigDecimal.ZERO;
            for (Row row : rows) {
                exact = exact.plus(row.cells().get(i).spend());
                shown = shown.add(new BigDecimal(row.cells().get(i).shown()));
            }
            cells.add(new Cell(exact, shown.setScale(decimals).toPlainString()));
        }
        Sums sums = total.sums();
        return new Total(total.amount(), Shown.of(total.amount(), decimals), then,
                then == null ? null : Sums.change(total.amount(), then), total.adjustments(), sums.requests(),
                sums.answered(), sums.inputTokens(), sums.outputTokens(), sums.unpriced(), sums.estimated(),
                sums.wasted(), sums.baseline().minus(sums.compared()), cells);
    }

    private static List<String> columns(Map<List<String>, Amount> cells) {
        Map<String, Amount> sums = new LinkedHashMap<>();
        cells.forEach((key, amount) -> sums.merge(key.get(1), amount, Amount::plus));
        return dearest(sums);
    }

    /** The cells of a row are rounded after the row itself, so that they add up to what it shows. */
    private static List<Cell> cells(Map<List<String>, Amount> all, String row, List<String> columns,
            BigDecimal total, int decimals) {
        List<Amount> exact = columns.stream()
                .map(column -> all.getOrDefault(List.of(row, column), Amount.ZERO))
                .toList();
        List<String> shown = columns.isEmpty() ? List.of() : Shown.parts(exact, total, decimals);
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < exact.size(); i++) {
            cells.add(new Cell(exact.get(i), shown.get(i)));
        }
        return cells;
    }

    private static List<String> dearest(Map<String, Amount> spend) {
        return new ArrayList<>(new LinkedHashSet<>(spend.entrySet()
                .stream()
                .sorted(Comparator.comparing((Map.Entry<String, Amount> one) -> one.getValue().value())
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList()));
    }
}
