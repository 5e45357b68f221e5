package dev.pareto.dashboards.report;

import dev.pareto.dashboards.ledger.LatencyBuckets;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Reads;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Money and counts of a window, from the hourly or daily sums alone. Blocks. */
public final class SpendReport {

    private static final String COUNTS = """
                                         COALESCE(SUM(CASE WHEN currency NOT IN (:book, '') THEN attempts END), 0) AS other_currency,
                                         COALESCE(SUM(CASE WHEN simulated = 1 THEN attempts END), 0) AS simulated_attempts,
                                         COALESCE(SUM(requests), 0) AS requests, COALESCE(SUM(answered), 0) AS answered,
                                         COALESCE(SUM(caller_left), 0) AS caller_left, COALESCE(SUM(attempts), 0) AS attempts,
                                         COALESCE(SUM(settled), 0) AS settled, COALESCE(SUM(aborted), 0) AS aborted,
                                         COALESCE(SUM(failed), 0) AS failed, COALESCE(SUM(refused), 0) AS refused, COALESCE(SUM(expired), 0) AS expired,
                                         COALESCE(SUM(unpriced), 0) AS unpriced, COALESCE(SUM(estimated), 0) AS estimated,
                                         COALESCE(SUM(input_tokens), 0) AS input_tokens, COALESCE(SUM(cache_read_tokens), 0) AS cache_read_tokens,
                                         COALESCE(SUM(output_tokens), 0) AS output_tokens""";

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
        return measured("SELECT " + measures(window), window).query(SpendReport::readTotals).single();
    }

    /** Every model with an attempt in the window, dearest first. */
    public List<ModelRow> models(Window window) {
        Map<Key, SortedMap<Integer, Long>> latencies = latencies(window);
        Amount whole = totals(window).spend();
        List<ModelRow> rows = measured("SELECT model, vendor, simulated, " + measures(window)
                + " GROUP BY model, vendor, simulated", window).query(
                        (row, number) -> readModel(row, whole, latencies))
                .list();
        return rows.stream()
                .sorted(Comparator.comparing((ModelRow row) -> row.cost().value())
                        .thenComparingLong(ModelRow::calls)
                        .reversed()
                        .thenComparing(ModelRow::model))
                .toList();
    }

    public SpendSeries series(Window window) {
        Map<Key, List<Amount>> lines = new HashMap<>();
        reads.sql("SELECT model, simulated, (hour_us - :from) / :step AS step, " + reads.sum("cost_pico", "spend")
                + from(window) + " AND currency = :book GROUP BY model, simulated, step")
                .param("from", Micros.of(window.from()))
                .param("to", Micros.of(window.to()))
                .param("step", window.step().toMillis() * 1000)
                .param("book", book)
                .query(row -> {
                    Key key = new Key(row.getString("model"), row.getInt("simulated") == 1);
                    lines.computeIfAbsent(key, ignored -> zeros(window.steps()))
                            .set(row.getInt("step"), amount(row, "spend"));
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

    /** Days, and no tenants, where nothing finer is asked for. */
    private static String table(Window window) {
        return window.isOfDays() ? "rollup_model_day" : "rollup_hour";
    }

    private static String from(Window window) {
        return " FROM " + table(window) + " WHERE hour_us >= :from AND hour_us < :to";
    }

    private String measures(Window window) {
        return String.join(", ", money("cost_pico", "spend"), money("estimated_pico", "estimated"),
                reads.sumWhere("currency = :book AND simulated = 1", "cost_pico", "simulated"),
                money("baseline_pico", "baseline"), money("compared_pico", "compared"), COUNTS) + from(window);
    }

    private String money(String picos, String name) {
        return reads.sumWhere("currency = :book", picos, name);
    }

    private JdbcClient.StatementSpec measured(String sql, Window window) {
        return reads.sql(sql)
                .param("book", book)
                .param("from", Micros.of(window.from()))
                .param("to", Micros.of(window.to()));
    }

    private Map<Key, SortedMap<Integer, Long>> latencies(Window window) {
        Map<Key, SortedMap<Integer, Long>> counts = new HashMap<>();
        reads.sql("""
                  SELECT model, simulated, bucket, SUM(attempts) AS attempts FROM %s
                  WHERE hour_us >= :from AND hour_us < :to GROUP BY model, simulated, bucket"""
                .formatted(window.isOfDays() ? "rollup_latency_day" : "rollup_latency"))
                .param("from", Micros.of(window.from()))
                .param("to", Micros.of(window.to()))
                .query(row -> {
                    counts.computeIfAbsent(new Key(row.getString("model"), row.getInt("simulated") == 1),
                            ignored -> new TreeMap<>()).put(row.getInt("bucket"), row.getLong("attempts"));
                });
        return counts;
    }

    private static Totals readTotals(ResultSet row, int number) throws SQLException {
        return new Totals(amount(row, "spend"), amount(row, "estimated"), amount(row, "simulated"),
                amount(row, "baseline"), amount(row, "compared"), row.getLong("requests"), row.getLong("answered"),
                row.getLong("caller_left"), row.getLong("attempts"), row.getLong("settled"), row.getLong("aborted"),
                row.getLong("failed"), row.getLong("refused"), row.getLong("expired"), row.getLong("unpriced"),
                row.getLong("estimated"),
                row.getLong("simulated_attempts"), row.getLong("other_currency"), row.getLong("input_tokens"),
                row.getLong("cache_read_tokens"), row.getLong("output_tokens"));
    }

    private static ModelRow readModel(ResultSet row, Amount whole, Map<Key, SortedMap<Integer, Long>> latencies)
            throws SQLException {
        Key key = new Key(row.getString("model"), row.getInt("simulated") == 1);
        SortedMap<Integer, Long> latency = latencies.getOrDefault(key, Collections.emptySortedMap());
        Amount cost = amount(row, "spend");
        long answered = row.getLong("answered");
        return new ModelRow(key.model(), row.getString("vendor"), key.simulated(), row.getLong("attempts"), answered,
                row.getLong("input_tokens"), row.getLong("cache_read_tokens"), row.getLong("output_tokens"), cost,
                cost.each(answered), cost.shareOf(whole), row.getLong("unpriced"),
                LatencyBuckets.quantileMillis(latency, 0.5), LatencyBuckets.quantileMillis(latency, 0.95));
    }

    private static Amount amount(ResultSet row, String name) throws SQLException {
        return new Amount(Picos.sum(row, name));
    }

    private static List<Amount> zeros(int count) {
        return new ArrayList<>(Collections.nCopies(count, Amount.ZERO));
    }

    private static Amount sum(List<Amount> amounts) {
        return amounts.stream().reduce(Amount.ZERO, Amount::plus);
    }

    private record Key(String model, boolean simulated) {}
}
