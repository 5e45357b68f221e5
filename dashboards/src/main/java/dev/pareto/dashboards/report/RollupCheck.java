package dev.pareto.dashboards.report;

import dev.pareto.dashboards.ledger.AttemptRole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Computes the sums anew from rows and charge lines and compares them with what was kept. Reads every row; blocks. */
public final class RollupCheck {

    private static final int SHOWN = 20;

    private static final String FACING = Arrays.stream(AttemptRole.values())
            .filter(AttemptRole::answersCaller)
            .map(role -> "'" + role.name() + "'")
            .collect(Collectors.joining(", ", "(", ")"));

    private static final String DIMENSIONS = "tenant, route, model, vendor, role, simulated, currency";

    private static final String MODEL_DIMENSIONS = "route, model, vendor, role, simulated, currency";

    private static final String PLACE_DIMENSIONS = "tenant, route, simulated, currency";

    private static final Map<String, String> ALL = measures("attempts", "1", "requests",
            "CASE WHEN attempt_no = 1 THEN 1 ELSE 0 END", "answered",
            "CASE WHEN state = 'SETTLED' AND role IN " + FACING + " THEN 1 ELSE 0 END", "unpriced",
            "CASE WHEN cost_pico IS NULL THEN 1 ELSE 0 END", "input_tokens", "input_tokens", "output_tokens",
            "output_tokens", "cost_pico", "COALESCE(cost_pico, 0)", "list_pico", "COALESCE(list_pico, 0)",
            "estimated_pico", "CASE WHEN estimated = 1 THEN COALESCE(cost_pico, 0) ELSE 0 END", "wasted_pico",
            "CASE WHEN state <> 'SETTLED' THEN COALESCE(cost_pico, 0) ELSE 0 END", "baseline_pico",
            "COALESCE(baseline_pico, 0)", "compared_pico",
            "CASE WHEN baseline_pico IS NULL THEN 0 ELSE COALESCE(cost_pico, 0) END");

    private static final Map<String, String> HOURLY = measures("caller_left",
            "CASE WHEN state = 'ABORTED' AND role IN " + FACING + " THEN 1 ELSE 0 END", "settled",
            "CASE WHEN state = 'SETTLED' THEN 1 ELSE 0 END", "aborted", "CASE WHEN state = 'ABORTED' THEN 1 ELSE 0 END",
            "failed", "CASE WHEN state = 'FAILED' THEN 1 ELSE 0 END", "expired",
            "CASE WHEN state = 'EXPIRED' THEN 1 ELSE 0 END", "refused",
            "CASE WHEN state = 'FAILED' AND role IN " + FACING
                    + " AND http_status BETWEEN 400 AND 499 AND http_status NOT IN (408, 429) THEN 1 ELSE 0 END",
            "estimated", "estimated", "cache_read_tokens", "cache_read_tokens", "cache_write_tokens",
            "cache_write_tokens", "reasoning_tokens", "reasoning_tokens", "contract_pico", "COALESCE(contract_pico, 0)",
            "reported_pico", "CASE WHEN cost_source = 'vendor' THEN COALESCE(cost_pico, 0) ELSE 0 END");

    private static final Map<String, String> LINE = measures("lines", "1", "unpriced",
            "CASE WHEN l.cost_pico IS NULL THEN 1 ELSE 0 END", "cost_pico", "COALESCE(l.cost_pico, 0)", "list_pico",
            "COALESCE(l.list_pico, 0)", "contract_pico", "COALESCE(l.contract_pico, 0)");

    /** Sums which are sums of finer ones. */
    private record Kept(String finer, String coarser, String keys, Map<String, String> measures) {}

    private static final String LINE_KEYS = "bucket, price_version, unit_price, per";

    private static final List<Kept> HOURS = List.of(new Kept("rollup_hour", "rollup_place", PLACE_DIMENSIONS, ALL),
            new Kept("rollup_hour", "rollup_model", "model, vendor, role, simulated, currency", ALL),
            new Kept("rollup_tag", "rollup_tag_value", "tag_key, tag_value, simulated, currency", ALL),
            new Kept("rollup_line", "rollup_price", "model, vendor, simulated, currency, " + LINE_KEYS, LINE));

    private static final List<Kept> DAYS = List.of(
            new Kept("rollup_hour", "rollup_day", DIMENSIONS, hourly()),
            new Kept("rollup_latency", "rollup_latency_day", "model, simulated, bucket", measures("attempts", "1")),
            new Kept("rollup_tag", "rollup_tag_day", "tag_key, tag_value, " + DIMENSIONS, ALL),
            new Kept("rollup_tag_day", "rollup_tag_value_day", "tag_key, tag_value, simulated, currency", ALL),
            new Kept("rollup_place", "rollup_place_day", PLACE_DIMENSIONS, ALL),
            new Kept("rollup_line", "rollup_line_day", DIMENSIONS + ", " + LINE_KEYS, LINE),
            new Kept("rollup_day", "rollup_model_day", MODEL_DIMENSIONS, hourly()),
            new Kept("rollup_line_day", "rollup_price_day", MODEL_DIMENSIONS + ", " + LINE_KEYS, LINE));

    /** Rows whose lines do not add up to their cost; lines without a price make the whole cost unknown. */
    private static final String LINES = """
                                        SELECT a.attempt_id, a.cost_pico, SUM(l.cost_pico) AS lines_pico FROM attempt a
                                        LEFT JOIN charge_line l ON l.attempt_id = a.attempt_id
                                        WHERE a.cost_pico IS NOT NULL AND a.started_us >= :from AND a.started_us < :to
                                        GROUP BY a.attempt_id, a.cost_pico
                                        HAVING COALESCE(SUM(l.cost_pico), 0) <> a.cost_pico LIMIT 20""";

    private final JdbcClient reads;

    public RollupCheck(JdbcClient reads) {
        this.reads = reads;
    }

    /** What differs in all of the books; at most 20 rows of each kind. */
    public Differences compare() {
        return compare(0, Long.MAX_VALUE / 2);
    }

    /**
     * What differs in some whole UTC days; at most 20 rows of each kind.
     *
     * @param fromMicros the start of the first day
     * @param toMicros the start of the day after the last one
     */
    public Differences compare(long fromMicros, long toMicros) {
        Map<String, String> hourly = hourly();
        List<Map<String, @Nullable Object>> kept = new ArrayList<>();
        List<Map<String, @Nullable Object>> rebuilt = new ArrayList<>();
        String row = "tenant, route, model, vendor, role, simulated, COALESCE(currency, '') AS currency";
        differences(kept("rollup_hour", "hour_us, " + DIMENSIONS, hourly, "hour_us"),
                rebuilt("started_us - started_us % 3600000000 AS hour_us, " + row, "hour_us, " + DIMENSIONS, hourly,
                        "attempt"),
                fromMicros, toMicros, kept, rebuilt);
        differences(kept("rollup_line", "hour_us, " + DIMENSIONS + ", " + LINE_KEYS, LINE, "hour_us"),
                rebuilt("started_us - started_us % 3600000000 AS hour_us, " + row + ", bucket"
                        + ", COALESCE(l.price_version, '') AS price_version, COALESCE(unit_price, '') AS unit_price"
                        + ", COALESCE(per, '') AS per", "hour_us, " + DIMENSIONS + ", " + LINE_KEYS, LINE,
                        "charge_line l JOIN attempt a ON a.attempt_id = l.attempt_id"),
                fromMicros, toMicros, kept, rebuilt);
        for (Kept table : HOURS) {
            differences(kept(table.coarser(), "hour_us, " + table.keys(), table.measures(), "hour_us"),
                    kept(table.finer(), "hour_us, " + table.keys(), table.measures(), "hour_us"), fromMicros,
                    toMicros, kept, rebuilt);
        }
        for (Kept table : DAYS) {
            differences(kept(daily(table.coarser()), "day_us, " + table.keys(), table.measures(), "hour_us"),
                    kept(daily(table.finer()), "day_us, " + table.keys(), table.measures(), "hour_us"), fromMicros,
                    toMicros, kept, rebuilt);
        }
        return new Differences(kept, rebuilt,
                reads.sql(LINES).param("from", fromMicros).param("to", toMicros).query().listOfRows());
    }

    private void differences(String kept, String rebuilt, long from, long to,
            List<Map<String, @Nullable Object>> onlyKept, List<Map<String, @Nullable Object>> onlyRebuilt) {
        onlyKept.addAll(shown(kept + " EXCEPT " + rebuilt, from, to));
        onlyRebuilt.addAll(shown(rebuilt + " EXCEPT " + kept, from, to));
    }

    /** Sums of all replicas together: the one that closes a row may be another than the one that opened it. */
    private static String kept(String table, String keys, Map<String, String> measures, String time) {
        return "SELECT " + keys + measures.keySet()
                .stream()
                .map(name -> ", SUM(" + name + ") AS " + name)
                .collect(Collectors.joining()) + " FROM " + table + " WHERE " + time + " >= :from AND " + time
                + " < :to AND " + stays(time) + " GROUP BY " + keys;
    }

    /** Not of a month whose rows are gone, and not of the hour after it: a row goes by its id, which was made a moment before it began. */
    private static String stays(String time) {
        return "NOT EXISTS (SELECT 1 FROM dropped_month m WHERE m.from_us <= " + time + " AND m.to_us + 3600000000 > "
                + time
                + ")";
    }

    private static String rebuilt(String fields, String keys, Map<String, String> measures, String from) {
        String inner = measures.entrySet()
                .stream()
                .map(measure -> ", " + measure.getValue() + " AS m_" + measure.getKey())
                .collect(Collectors.joining());
        String outer = measures.keySet()
                .stream()
                .map(name -> ", SUM(m_" + name + ") AS " + name)
                .collect(Collectors.joining());
        return "SELECT " + keys + outer + " FROM (SELECT " + fields + inner + " FROM " + from
                + " WHERE state <> 'OPEN' AND started_us >= :from AND started_us < :to AND " + stays("started_us")
                + ") AS rows_of_books GROUP BY "
                + keys;
    }

    private static String daily(String table) {
        return "(SELECT *, hour_us - hour_us % 86400000000 AS day_us FROM " + table + ") AS sums";
    }

    private static Map<String, String> hourly() {
        Map<String, String> hourly = new LinkedHashMap<>(ALL);
        hourly.putAll(HOURLY);
        return hourly;
    }

    private static Map<String, String> measures(String... pairs) {
        Map<String, String> measures = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            measures.put(pairs[i], pairs[i + 1]);
        }
        return measures;
    }

    private List<Map<String, @Nullable Object>> shown(String sql, long from, long to) {
        return reads.sql("SELECT * FROM (" + sql + ") AS differing LIMIT " + SHOWN)
                .param("from", from)
                .param("to", to)
                .query()
                .listOfRows();
    }

    /**
     * The outcome.
     *
     * @param onlyKept sums that the rows do not bear out
     * @param onlyRebuilt sums that the rows give and that were not kept so
     * @param lines attempts whose charge lines do not add up to their cost
     */
    public record Differences(List<Map<String, @Nullable Object>> onlyKept,
            List<Map<String, @Nullable Object>> onlyRebuilt,
            List<Map<String, @Nullable Object>> lines) {

        /** Whether every sum is borne out by the rows. */
        public boolean none() {
            return onlyKept.isEmpty() && onlyRebuilt.isEmpty() && lines.isEmpty();
        }
    }
}
