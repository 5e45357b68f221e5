package dev.pareto.dashboards.routing;

import dev.pareto.dashboards.report.Window;
import dev.pareto.dashboards.store.Micros;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who answered how many requests, from the hourly sums. Answers of caches are nobody's choice and left out. */
final class RouteTraffic {

    private static final String ANSWERS = " FROM %s WHERE hour_us >= :from AND hour_us < :to AND answered > 0"
            + " AND role <> 'CACHE_HIT'";

    private final JdbcClient reads;

    RouteTraffic(JdbcClient reads) {
        this.reads = reads;
    }

    /** By route, the largest share first. */
    Map<String, List<RoutingList.Share>> byRoute(Window window) {
        Map<String, List<RoutingList.Share>> shares = new TreeMap<>();
        measured("SELECT route, model, SUM(answered) AS requests" + ANSWERS + " GROUP BY route, model", window)
                .query(row -> {
                    shares.computeIfAbsent(row.getString("route"), route -> new ArrayList<>())
                            .add(new RoutingList.Share(row.getString("model"), row.getLong("requests")));
                });
        shares.values()
                .forEach(all -> all.sort(Comparator.comparingLong(RoutingList.Share::requests)
                        .reversed()
                        .thenComparing(RoutingList.Share::model)));
        return shares;
    }

    /** One route's over time, the busiest model first. */
    RoutePage.Traffic of(String route, Window window) {
        Map<String, List<Long>> lines = new HashMap<>();
        measured("SELECT model, (hour_us - :from) / :step AS step, SUM(answered) AS requests" + ANSWERS
                + " AND route = :route GROUP BY model, step", window)
                .param("step", window.step().toMillis() * 1000)
                .param("route", route)
                .query(row -> {
                    lines.computeIfAbsent(row.getString("model"),
                            model -> new ArrayList<>(Collections.nCopies(window.steps(), 0L)))
                            .set(row.getInt("step"), row.getLong("requests"));
                });
        List<RoutePage.Traffic.Line> models = lines.entrySet()
                .stream()
                .map(line -> new RoutePage.Traffic.Line(line.getKey(),
                        line.getValue().stream().mapToLong(Long::longValue).sum(), line.getValue()))
                .sorted(Comparator.comparingLong(RoutePage.Traffic.Line::sum)
                        .reversed()
                        .thenComparing(RoutePage.Traffic.Line::model))
                .toList();
        return new RoutePage.Traffic(window.step().toSeconds(), window.starts(), models);
    }

    private JdbcClient.StatementSpec measured(String sql, Window window) {
        // of whole days, from the sums by day
        String table = window.isOfDays() ? "rollup_model_day" : "rollup_hour";
        return reads.sql(sql.formatted(table))
                .param("from", Micros.of(window.from()))
                .param("to", Micros.of(window.to()));
    }
}
