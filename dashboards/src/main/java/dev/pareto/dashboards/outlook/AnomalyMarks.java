package dev.pareto.dashboards.outlook;

import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What people made of anomalies; marks are added and read, never changed. Blocks. */
public final class AnomalyMarks {

    private static final int MOST = 5_000;

    private final JdbcClient reads;
    private final JdbcClient writes;

    public AnomalyMarks(Store store) {
        this.reads = JdbcClient.create(store.reads());
        this.writes = JdbcClient.create(store.writes());
    }

    public void add(AnomalyMark mark) {
        Instant until = mark.until();
        writes.sql("""
                   INSERT INTO anomaly_mark (from_us, scope, value, state, until_us, at_us, by_whom, why)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)""")
                .param(Micros.of(mark.from()))
                .param(mark.scope())
                .param(mark.value())
                .param(mark.state().name())
                .param(5, until == null ? null : Micros.of(until), Types.BIGINT)
                .param(Micros.of(mark.at()))
                .param(mark.by())
                .param(mark.why())
                .update();
    }

    /** Those of incidents that begin within a span, oldest mark first. */
    public List<AnomalyMark> between(Instant from, Instant to) {
        return reads.sql("SELECT * FROM anomaly_mark WHERE from_us >= ? AND from_us < ? ORDER BY seq LIMIT " + MOST)
                .param(Micros.of(from))
                .param(Micros.of(to))
                .query(AnomalyMarks::read)
                .list();
    }

    private static AnomalyMark read(ResultSet row, int number) throws SQLException {
        long until = row.getLong("until_us");
        Instant wakes = row.wasNull() ? null : Micros.toInstant(until);
        return new AnomalyMark(Micros.toInstant(row.getLong("from_us")), row.getString("scope"),
                row.getString("value"), AnomalyMark.State.valueOf(row.getString("state")), wakes,
                Micros.toInstant(row.getLong("at_us")), row.getString("by_whom"), row.getString("why"));
    }
}
