package dev.pareto.dashboards.report;

import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.Span;
import dev.pareto.dashboards.ledger.LatencyBuckets;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Money and counts of a window, from the hourly or daily sums alone. Blocks. */
public final class SpendReport {

    private static final String COUNTS = """
                                         COALESCE(SUM(CASE WHEN currency NOT IN (:book, '') THEN attempts END), 0) AS other_currency,
                                         COALESCE(SUM(CASE WHEN simulated = 1 THEN attempts END), 0) AS simulated_attempts,
                                         SUM(requests) AS requests, SUM(answered) AS answered, SUM(caller_left) AS caller_left, SUM(attempts) AS attempts,
                                         SUM(settled) AS settled, SUM(aborted) AS aborted, SUM(failed) AS failed, SUM(refused) AS refused,
                                         SUM(expired) AS expired, SUM(unpriced) AS unpriced, SUM(estimated) AS estimated,
                                         SUM(input_tokens) AS input_tokens, SUM(cache_read_tokens) AS cache_read_tokens,
                                         SUM(output_tokens) AS output_tokens""";

    private final Reads reads;
    private final String book;

    /**
     * @param book the currency in which the books are kept; attempts in another are counted, never added
     */
    public SpendReport(Reads reads, String book) {
        this.reads = reads;
        this.book = book;
    }

    public Totals totals(Window window) {
        return all(byModel(window));
    }

    /** Every model with an attempt in the window, dearest first. */
    public List<ModelRow> models(Window window) {
        Map<Key, SortedMap<Integer, Long>> latencies = latencies(window);
        Map<Sold, Totals> sold = byModel(window);
        Amount whole = all(sold).spend();
        List<ModelRow> rows = new ArrayList<>();
        sold.forEach((key, totals) -> rows.add(row(key, totals, whole, latencies)));
        return rows.stream()
                .sorted(Comparator.comparing((ModelRow row) -> row.cost().value())
                        .thenComparingLong(ModelRow::calls)
                        .reversed()
                        .thenComparing(ModelRow::model))
                .toList();
    }

    public SpendSeries series(Window window) {
        Map<Key, List<Amount>> lines = new HashMap<>();
        slice(window).query(reads, from -> "SELECT model, simulated, (hour_us - :start) / :step AS step, "
                + reads.sum("cost_pico", "spend") + " FROM " + from
                + " AND currency = :book GROUP BY model, simulated, step")
                .param("start", Micros.of(window.from()))
                .param("step", window.step().toMillis() * 1000)
                .param("book", book)
                .each(row -> {
                    var key = new Key(row.getString("model"), row.getInt("simulated") == 1);
                    List<Amount> line = lines.computeIfAbsent(key, ignored -> zeros(window.steps()));
                    int step = row.getInt("step");
                    line.set(step, line.get(step).plus(amount(row, "spend")));
                });
        List<SpendSeries.Line> models = lines.entrySet()
                .stream()
                .map(line -> new SpendSeries.Line(line.getKey().model(), line.getKey().simulated(),
                        sum(line.getValue()),
                        line.getValue()))
                .sorted(Comparator.comparing((SpendSeries.Line line) -> line.sum().value())
                        .reversed()
                        .thenComparing(SpendSeries.Line::model))
                .toList();
        List<Amount> total = zeros(window.steps());
        models.forEach(line -> {
            for (int i = 0; i < total.size(); i++) {
                total.set(i, total.get(i).plus(line.spend().get(i)));
            }
        });
        return new SpendSeries(window.step().toSeconds(), window.starts(), models, total);
    }

    private static Slice slice(Window window) {
        return Slice.models(new Span(window.from(), window.to()), window.isOfDays());
    }

    private Map<Sold, Totals> byModel(Window window) {
        Map<Sold, Totals> found = new HashMap<>();
        String measures = String.join(", ", money("cost_pico", "spend"), money("estimated_pico", "estimated"),
                reads.sumWhere("currency = :book AND simulated = 1", "cost_pico", "simulated"),
                money("baseline_pico", "baseline"), money("compared_pico", "compared"), COUNTS);
        slice(window).query(reads, from -> "SELECT model, vendor, simulated, " + measures + " FROM " + from
                + " GROUP BY model, vendor, simulated")
                .param("book", book)
                .each(row -> found.merge(
                        new Sold(new Key(row.getString("model"), row.getInt("simulated") == 1),
                                row.getString("vendor")),
                        totals(row), Totals::plus));
        return found;
    }

    private String money(String picos, String name) {
        return reads.sumWhere("currency = :book", picos, name);
    }

    private Map<Key, SortedMap<Integer, Long>> latencies(Window window) {
        Map<Key, SortedMap<Integer, Long>> counts = new HashMap<>();
        Slice.latencies(new Span(window.from(), window.to()), window.isOfDays())
                .query(reads, from -> "SELECT model, simulated, bucket, SUM(attempts) AS attempts FROM " + from
                        + " GROUP BY model, simulated, bucket")
                .each(row -> counts.computeIfAbsent(
                        new Key(row.getString("model"), row.getInt("simulated") == 1), ignored -> new TreeMap<>())
                        .merge(row.getInt("bucket"), row.getLong("attempts"), Long::sum));
        return counts;
    }

    private static Totals all(Map<Sold, Totals> sold) {
        return sold.values().stream().reduce(Totals.NONE, Totals::plus);
    }

    private static Totals totals(Row row) {
        return new Totals(amount(row, "spend"), amount(row, "estimated"), amount(row, "simulated"),
                amount(row, "baseline"), amount(row, "compared"), row.getLong("requests"), row.getLong("answered"),
                row.getLong("caller_left"), row.getLong("attempts"), row.getLong("settled"), row.getLong("aborted"),
                row.getLong("failed"), row.getLong("refused"), row.getLong("expired"), row.getLong("unpriced"),
                row.getLong("estimated"), row.getLong("simulated_attempts"), row.getLong("other_currency"),
                row.getLong("input_tokens"), row.getLong("cache_read_tokens"), row.getLong("output_tokens"));
    }

    private static ModelRow row(Sold sold, Totals totals, Amount whole,
            Map<Key, SortedMap<Integer, Long>> latencies) {
        Key key = sold.model();
        SortedMap<Integer, Long> latency = latencies.getOrDefault(key, Collections.emptySortedMap());
        return new ModelRow(key.model(), sold.vendor(), key.simulated(), totals.attempts(), totals.answered(),
                totals.inputTokens(), totals.cacheReadTokens(), totals.outputTokens(), totals.spend(),
                totals.spend().each(totals.answered()), totals.spend().shareOf(whole), totals.unpriced(),
                LatencyBuckets.quantileMillis(latency, 0.5), LatencyBuckets.quantileMillis(latency, 0.95));
    }

    private static Amount amount(Row row, String name) {
        return new Amount(Picos.sum(row, name));
    }

    private static List<Amount> zeros(int count) {
        return new ArrayList<>(Collections.nCopies(count, Amount.ZERO));
    }

    private static Amount sum(List<Amount> amounts) {
        return amounts.stream().reduce(Amount.ZERO, Amount::plus);
    }

    private record Key(String model, boolean simulated) {}

    private record Sold(Key model, String vendor) {}
}
