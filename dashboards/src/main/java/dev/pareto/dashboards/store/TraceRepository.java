package dev.pareto.dashboards.store;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.swap.SwapKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** How the guards of each swap went, append-only until it is old. Blocks. */
public final class TraceRepository {

    private final JdbcClient reads;
    private final JdbcClient writes;

    public TraceRepository(Store store) {
        this.reads = JdbcClient.create(store.reads());
        this.writes = JdbcClient.create(store.writes());
    }

    public void add(TracePoint point) {
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
                .param(JsonMapper.shared().writeValueAsString(point.logStatistics()))
                .update();
    }

    /** The newest points of a swap, oldest first, at most {@code limit}. */
    public List<TracePoint> newest(SwapKey key, int limit) {
        return reads.sql("""
                         SELECT * FROM (SELECT * FROM swap_trace WHERE route = ? AND candidate = ? AND segment = ?
                           ORDER BY at_us DESC, id DESC LIMIT ?) ORDER BY at_us, id""")
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
        Map<String, Double> statistics = new HashMap<>();
        JsonMapper.shared()
                .readTree(row.getString("json"))
                .properties()
                .forEach(entry -> statistics.put(entry.getKey(), entry.getValue().doubleValue()));
        return new TracePoint(Rows.instant(row, "at_us"),
                new SwapKey(row.getString("route"), ModelId.parse(row.getString("candidate")),
                        row.getString("segment")),
                row.getString("state"), row.getDouble("share"), row.getLong("seen"), statistics);
    }
}
