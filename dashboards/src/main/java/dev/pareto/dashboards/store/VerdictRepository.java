package dev.pareto.dashboards.store;

import dev.pareto.policies.catalog.ModelId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Verdicts, append-only. Blocks. */
public final class VerdictRepository {

    private final JdbcClient reads;
    private final JdbcClient writes;

    public VerdictRepository(Store store) {
        this.reads = JdbcClient.create(store.reads());
        this.writes = JdbcClient.create(store.writes());
    }

    /** Keeps the verdict; the same id a second time changes nothing. */
    public void save(StoredVerdict verdict) {
        writes.sql("""
                   INSERT INTO verdict (id, route, candidate, incumbent, created_us, expires_us, simulated, json)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING""")
                .param(verdict.id())
                .param(verdict.route())
                .param(verdict.candidate().toString())
                .param(verdict.incumbent().toString())
                .param(Micros.of(verdict.createdAt()))
                .param(Micros.of(verdict.expiresAt()))
                .param(verdict.simulated() ? 1 : 0)
                .param(verdict.json())
                .update();
    }

    public Optional<StoredVerdict> find(String id) {
        return reads.sql("SELECT * FROM verdict WHERE id = ?").param(id).query(VerdictRepository::read).optional();
    }

    /** The verdict with that seal: the one before another in the chain. */
    public Optional<StoredVerdict> sealed(String sha256) {
        return reads.sql("SELECT * FROM verdict WHERE json_extract(json, '$.sha256') = ? LIMIT 1")
                .param(sha256)
                .query(VerdictRepository::read)
                .optional();
    }

    /** Those that name that seal as the one before them. */
    public List<StoredVerdict> following(String sha256) {
        return reads
                .sql("SELECT * FROM verdict WHERE json_extract(json, '$.previous_sha256') = ? ORDER BY created_us, id")
                .param(sha256)
                .query(VerdictRepository::read)
                .list();
    }

    /** All of them, oldest first. */
    public List<StoredVerdict> all() {
        return reads.sql("SELECT * FROM verdict ORDER BY created_us, id").query(VerdictRepository::read).list();
    }

    /** The newest verdicts of all but {@code skip}, newest first, at most {@code limit}. */
    public List<StoredVerdict> latest(int limit, int skip) {
        return reads.sql("SELECT * FROM verdict ORDER BY created_us DESC, id DESC LIMIT ? OFFSET ?")
                .param(limit)
                .param(skip)
                .query(VerdictRepository::read)
                .list();
    }

    /** The newest verdict of each pair of candidate and incumbent, of every route, newest first. */
    public List<StoredVerdict> newest() {
        return reads
                .sql("""
                     SELECT * FROM verdict v WHERE NOT EXISTS (
                       SELECT 1 FROM verdict later WHERE later.route = v.route AND later.candidate = v.candidate
                         AND later.incumbent = v.incumbent
                         AND (later.created_us > v.created_us OR (later.created_us = v.created_us AND later.id > v.id)))
                     ORDER BY created_us DESC, id DESC""")
                .query(VerdictRepository::read)
                .list();
    }

    /** The newest verdict of each pair by each suite, of every route, newest first. */
    public List<StoredVerdict> newestBySuite() {
        return reads
                .sql("""
                     SELECT * FROM verdict v WHERE NOT EXISTS (
                       SELECT 1 FROM verdict later WHERE later.route = v.route AND later.candidate = v.candidate
                         AND later.incumbent = v.incumbent
                         AND json_extract(later.json, '$.suite.id') IS NOT DISTINCT FROM json_extract(v.json, '$.suite.id')
                         AND (later.created_us > v.created_us OR (later.created_us = v.created_us AND later.id > v.id)))
                     ORDER BY created_us DESC, id DESC""")
                .query(VerdictRepository::read)
                .list();
    }

    private static StoredVerdict read(ResultSet row, int number) throws SQLException {
        return new StoredVerdict(row.getString("id"), row.getString("route"), ModelId.parse(row.getString("candidate")),
                ModelId.parse(row.getString("incumbent")), Rows.instant(row, "created_us"),
                Rows.instant(row, "expires_us"), row.getInt("simulated") == 1, row.getString("json"));
    }
}
