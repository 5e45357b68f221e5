package dev.pareto.dashboards.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The callers' keys. Blocks. */
public final class KeyRepository {

    private final JdbcClient reads;
    private final JdbcClient writes;

    public KeyRepository(SqliteStore store) {
        this.reads = JdbcClient.create(store.reads());
        this.writes = JdbcClient.create(store.writes());
    }

    /**
     * @throws org.springframework.dao.DataAccessException when the id or the hash is there already
     */
    public void add(StoredKey key) {
        writes.sql("""
                   INSERT INTO api_key (id, name, prefix, sha256, team, tags, created_us, revoked_us)
                   VALUES (?, ?, ?, ?, ?, ?, ?, NULL)""")
                .param(key.id())
                .param(key.name())
                .param(key.prefix())
                .param(key.sha256())
                .param(key.team())
                .param(JsonMapper.shared().writeValueAsString(key.tags()))
                .param(Micros.of(key.createdAt()))
                .update();
    }

    /** The key of this hash, revoked ones included. */
    public Optional<StoredKey> findBySha256(String sha256) {
        return reads.sql("SELECT * FROM api_key WHERE sha256 = ?").param(sha256).query(KeyRepository::read).optional();
    }

    /** All keys, oldest first. */
    public List<StoredKey> list() {
        return reads.sql("SELECT * FROM api_key ORDER BY created_us, id").query(KeyRepository::read).list();
    }

    /** False when there is no such key or it was revoked before. */
    public boolean revoke(String id, Instant now) {
        return writes.sql("UPDATE api_key SET revoked_us = ? WHERE id = ? AND revoked_us IS NULL")
                .param(Micros.of(now))
                .param(id)
                .update() == 1;
    }

    private static StoredKey read(ResultSet row, int number) throws SQLException {
        return new StoredKey(row.getString("id"), row.getString("name"), row.getString("prefix"),
                row.getString("sha256"), row.getString("team"), Rows.tags(row, "tags"), Rows.instant(row, "created_us"),
                Rows.instantOrNull(row, "revoked_us"));
    }
}
