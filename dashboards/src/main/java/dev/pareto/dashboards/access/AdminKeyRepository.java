package dev.pareto.dashboards.access;

import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The admin port's keys. Blocks. */
public final class AdminKeyRepository {

    private final JdbcClient reads;
    private final JdbcClient writes;
    private final TransactionTemplate transaction;

    public AdminKeyRepository(Store store) {
        this.reads = JdbcClient.create(store.reads());
        this.writes = JdbcClient.create(store.writes());
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(store.writes()));
    }

    /**
     * @throws org.springframework.dao.DataAccessException when the id or the hash is there already
     */
    public void add(AdminKey key) {
        writes.sql("""
                   INSERT INTO admin_key (id, name, role, prefix, sha256, created_by, created_us, expires_us)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)""")
                .param(key.id())
                .param(key.name())
                .param(key.role())
                .param(key.prefix())
                .param(key.sha256())
                .param(key.createdBy())
                .param(Micros.of(key.createdAt()))
                .param(8, key.expiresAt() == null ? null : Micros.of(key.expiresAt()), Types.BIGINT)
                .update();
    }

    /** All keys, revoked and expired ones included, oldest first. */
    public List<AdminKey> list() {
        return reads.sql("SELECT * FROM admin_key ORDER BY created_us, id").query(AdminKeyRepository::read).list();
    }

    /** False when there is no such key or it was revoked before. */
    public boolean revoke(String id, Instant now) {
        return writes.sql("UPDATE admin_key SET revoked_us = ? WHERE id = ? AND revoked_us IS NULL")
                .param(Micros.of(now))
                .param(id)
                .update() == 1;
    }

    /** Notes when keys were last used, by id, all in one transaction. */
    public void used(Map<String, Instant> at) {
        transaction.executeWithoutResult(status -> at.forEach((id, when) -> writes
                .sql("UPDATE admin_key SET last_used_us = ? WHERE id = ? AND coalesce(last_used_us, 0) < ?")
                .param(Micros.of(when))
                .param(id)
                .param(Micros.of(when))
                .update()));
    }

    private static AdminKey read(ResultSet row, int number) throws SQLException {
        return new AdminKey(row.getString("id"), row.getString("name"), row.getString("role"),
                row.getString("prefix"), row.getString("sha256"), row.getString("created_by"),
                Micros.toInstant(row.getLong("created_us")), instant(row, "expires_us"), instant(row, "last_used_us"),
                instant(row, "revoked_us"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Micros.toInstant(micros);
    }
}
