package dev.pareto.dashboards.store;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.swap.SwapKey;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Where each replacement stands, one row each, and the moves that led there, append-only. Blocks. */
public final class SwapRepository {

    private final JdbcClient reads;
    private final JdbcClient writes;
    private final TransactionTemplate transaction;

    public SwapRepository(Store store) {
        this.reads = JdbcClient.create(store.reads());
        this.writes = JdbcClient.create(store.writes());
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(store.writes()));
    }

    /** Replaces what is kept of each swap and adds the moves, all or nothing. */
    public void save(List<StoredSwap> swaps, List<StoredMove> moves) {
        transaction.executeWithoutResult(status -> {
            swaps.forEach(this::save);
            moves.forEach(this::add);
        });
    }

    private void save(StoredSwap swap) {
        writes.sql(
                """
                INSERT INTO swap (route, candidate, segment, incumbent, state, share, since_us, verdict_id, reason, json)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (route, candidate, segment) DO UPDATE SET incumbent = excluded.incumbent,
                  state = excluded.state, share = excluded.share, since_us = excluded.since_us,
                  verdict_id = excluded.verdict_id, reason = excluded.reason, json = excluded.json""")
                .param(swap.route())
                .param(swap.candidate().toString())
                .param(swap.key().segment())
                .param(swap.incumbent().toString())
                .param(swap.state())
                .param(swap.share())
                .param(Micros.of(swap.since()))
                .param(swap.verdictId())
                .param(swap.reason())
                .param(swap.json())
                .update();
    }

    private void add(StoredMove move) {
        writes.sql("""
                   INSERT INTO swap_move (at_us, route, candidate, segment, from_state, to_state, share, actor, reason,
                     verdict_id, guard) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .param(Micros.of(move.at()))
                .param(move.key().route())
                .param(move.key().candidate().toString())
                .param(move.key().segment())
                .param(move.from())
                .param(move.to())
                .param(move.share())
                .param(move.by())
                .param(move.reason())
                .param(move.verdictId())
                .param(move.guard())
                .update();
    }

    /** All of them, by route, candidate and segment. */
    public List<StoredSwap> all() {
        return reads.sql("SELECT * FROM swap ORDER BY route, candidate, segment").query(SwapRepository::swap).list();
    }

    /**
     * The moves, newest first.
     *
     * @param route of one route; null for all
     */
    public List<StoredMove> moves(@Nullable String route, int limit) {
        return reads.sql("SELECT * FROM swap_move WHERE CAST(? AS TEXT) IS NULL OR route = ? ORDER BY id DESC LIMIT ?")
                .param(1, route)
                .param(2, route)
                .param(3, limit)
                .query(SwapRepository::move)
                .list();
    }

    /**
     * What calls of this role have cost a route since then; those under way and those never settled at their reservation.
     *
     * @param role of calls beside the callers' own: {@code SHADOW} or {@code JUDGE}
     */
    public BigDecimal costBeside(String role, String route, Instant since) {
        return reads.sql(
                """
                SELECT SUM((p - p % 1000000) / 1000000) AS high, SUM(p % 1000000) AS low
                FROM (SELECT COALESCE(cost_pico, reserved_pico, 0) AS p FROM attempt
                      WHERE role = ? AND role IN ('SHADOW', 'JUDGE') AND route = ? AND started_us >= ?) AS beside""")
                .param(role)
                .param(route)
                .param(Micros.of(since))
                .query((row, number) -> Picos.toAmount(row.getLong("high"), row.getLong("low")))
                .single();
    }

    private static StoredSwap swap(ResultSet row, int number) throws SQLException {
        return new StoredSwap(key(row), ModelId.parse(row.getString("incumbent")), row.getString("state"),
                row.getDouble("share"), Rows.instant(row, "since_us"), row.getString("verdict_id"),
                row.getString("reason"), row.getString("json"));
    }

    private static StoredMove move(ResultSet row, int number) throws SQLException {
        return new StoredMove(Rows.instant(row, "at_us"), key(row), row.getString("from_state"),
                row.getString("to_state"), row.getDouble("share"), row.getString("actor"), row.getString("reason"),
                row.getString("verdict_id"), row.getString("guard"));
    }

    private static SwapKey key(ResultSet row) throws SQLException {
        return new SwapKey(row.getString("route"), ModelId.parse(row.getString("candidate")),
                row.getString("segment"));
    }
}
