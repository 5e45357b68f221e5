package dev.pareto.dashboards.store;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.swap.SwapKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How the guards of each swap went, append-only until it is old. Blocks. */
public final class TraceRepository {

    /** Beside the guards' figures; no guard is called like these. */
    private static final String INPUTS = "inputs";
    private static final String PAIRS = "pairs";

    private final JdbcClient reads;
    private final JdbcClient writes;

    public TraceRepository(Store store) {
        this.reads = JdbcClient.create(store.reads());
        this.writes = JdbcClient.create(store.writes());
    }

    public void add(TracePoint point) {
        Map<String, Object> figures = new HashMap<>(point.logStatistics());
        if (point.pairs() != null) {
            figures.put(PAIRS, point.pairs());
        }
        if (!point.inputs().isEmpty()) {
            figures.put(INPUTS, point.inputs());
        }
        writes.sql("""
                   INSERT INTO swap_trace (at_us, route, candidate, segment, state, share, seen, json)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)""")
                .param(Micros.of(point.at()))
                .param(point.key().route())
                .param(point.key().candidate().toString())
                .param(point.key().segment())
                .param(point.state())
                .param(point.share())
                .param(point.seen())
                .param(JsonMapper.shared().writeValueAsString(figures))
                .update();
    }

    /** The newest points of a swap, oldest first, at most {@code limit}. */
    public List<TracePoint> newest(SwapKey key, int limit) {
        return reads.sql("""
                         SELECT * FROM (SELECT * FROM swap_trace WHERE route = ? AND candidate = ? AND segment = ?
                           ORDER BY at_us DESC, id DESC LIMIT ?) AS newest ORDER BY at_us, id""")
                .param(key.route())
                .param(key.candidate().toString())
                .param(key.segment())
                .param(limit)
                .query(TraceRepository::read)
                .list();
    }

    public void forgetBefore(Instant moment) {
        writes.sql("DELETE FROM swap_trace WHERE at_us < ?").param(Micros.of(moment)).update();
    }

    private static TracePoint read(ResultSet row, int number) throws SQLException {
        JsonNode figures = JsonMapper.shared().readTree(row.getString("json"));
        return new TracePoint(Rows.instant(row, "at_us"),
                new SwapKey(row.getString("route"), ModelId.parse(row.getString("candidate")),
                        row.getString("segment")),
                row.getString("state"), row.getDouble("share"), row.getLong("seen"), numbers(figures),
                pairs(figures.path(PAIRS)), numbers(figures.path(INPUTS)));
    }

    private static TracePoint.@Nullable Pairs pairs(JsonNode figures) {
        return figures.isObject()
                ? new TracePoint.Pairs(figures.path("count").asLong(0), figures.path("difference").asDouble(0))
                : null;
    }

    private static Map<String, Double> numbers(JsonNode figures) {
        Map<String, Double> numbers = new HashMap<>();
        figures.properties().forEach(entry -> {
            if (entry.getValue().isNumber()) {
                numbers.put(entry.getKey(), entry.getValue().doubleValue());
            }
        });
        return numbers;
    }
}
