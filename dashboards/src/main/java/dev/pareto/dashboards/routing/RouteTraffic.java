package dev.pareto.dashboards.routing;

import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ask.Span;
import dev.pareto.dashboards.report.Window;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Reads;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who answered how many requests, from the hourly sums. Answers of caches are nobody's choice and left out. */
final class RouteTraffic {

    private static final String ANSWERS = " AND answered > 0 AND role <> 'CACHE_HIT'";

    private final Reads reads;

    RouteTraffic(Reads reads) {
        this.reads = reads;
    }

    /** By route, the largest share first. */
    Map<String, List<RoutingList.Share>> byRoute(Window window) {
        Map<String, Map<String, Long>> answered = new TreeMap<>();
        slice(window).query(reads, from -> "SELECT route, model, SUM(answered) AS requests FROM " + from + ANSWERS
                + " GROUP BY route, model")
                .each(row -> answered.computeIfAbsent(row.getString("route"), route -> new HashMap<>())
                        .merge(row.getString("model"), row.getLong("requests"), Long::sum));
        Map<String, List<RoutingList.Share>> shares = new TreeMap<>();
        answered.forEach((route, models) -> {
            List<RoutingList.Share> all = new ArrayList<>();
            models.forEach((model, requests) -> all.add(new RoutingList.Share(model, requests)));
            shares.put(route, all);
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
        slice(window).query(reads, from -> "SELECT model, (hour_us - :start) / :step AS step, SUM(answered) AS requests"
                + " FROM " + from + ANSWERS + " AND route = :route GROUP BY model, step")
                .param("start", Micros.of(window.from()))
                .param("step", window.step().toMillis() * 1000)
                .param("route", route)
                .each(row -> {
                    List<Long> line = lines.computeIfAbsent(row.getString("model"),
                            model -> new ArrayList<>(Collections.nCopies(window.steps(), 0L)));
                    int step = row.getInt("step");
                    line.set(step, line.get(step) + row.getLong("requests"));
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

    private static Slice slice(Window window) {
        return Slice.models(new Span(window.from(), window.to()), window.isOfDays());
    }
}
