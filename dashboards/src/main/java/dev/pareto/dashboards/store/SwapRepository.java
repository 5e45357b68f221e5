package dev.pareto.dashboards.store;

import dev.pareto.policies.catalog.ModelId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Where each route's replacement stands, one row a route. Blocks. */
public final class SwapRepository {

    private final JdbcClient reads;
    private final JdbcClient writes;

    public SwapRepository(SqliteStore store) {
        this.reads = JdbcClient.create(store.reads());
        this.writes = JdbcClient.create(store.writes());
    }

    /** Replaces what is kept of the route. */
    public void save(StoredSwap swap) {
        writes.sql("""
                   INSERT INTO swap_state (route, candidate, incumbent, state, verdict_id, reason, since_us)
                   VALUES (?, ?, ?, ?, ?, ?, ?)
                   ON CONFLICT (route) DO UPDATE SET candidate = excluded.candidate, incumbent = excluded.incumbent,
                     state = excluded.state, verdict_id = excluded.verdict_id, reason = excluded.reason,
                     since_us = excluded.since_us""")
                .param(swap.route())
                .param(swap.candidate().toString())
                .param(swap.incumbent().toString())
                .param(swap.state())
                .param(swap.verdictId())
                .param(swap.reason())
                .param(Micros.of(swap.since()))
                .update();
    }

    /** All routes, by name. */
    public List<StoredSwap> all() {
        return reads.sql("SELECT * FROM swap_state ORDER BY route").query(SwapRepository::read).list();
    }

    private static StoredSwap read(ResultSet row, int number) throws SQLException {
        return new StoredSwap(row.getString("route"), ModelId.parse(row.getString("candidate")),
                ModelId.parse(row.getString("incumbent")), row.getString("state"), row.getString("verdict_id"),
                row.getString("reason"), Rows.instant(row, "since_us"));
    }
}
