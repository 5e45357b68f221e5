package dev.pareto.dashboards.store;

import dev.pareto.policies.policy.Permission;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The callers' keys. Blocks. */
public final class KeyRepository {

    private final JdbcClient reads;
    private final JdbcClient writes;
    private final TransactionTemplate transaction;

    public KeyRepository(Store store) {
        this.reads = JdbcClient.create(store.reads());
        this.writes = JdbcClient.create(store.writes());
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(store.writes()));
    }

    /**
     * @throws org.springframework.dao.DataAccessException when the id or the hash is there already
     */
    public void add(StoredKey key) {
        writes.sql("""
                   INSERT INTO api_key (id, name, prefix, sha256, tenant, tags, may, created_us)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)""")
                .param(key.id())
                .param(key.name())
                .param(key.prefix())
                .param(key.sha256())
                .param(key.tenant())
                .param(JsonMapper.shared().writeValueAsString(key.tags()))
                .param(key.may().stream().map(Permission::text).sorted().collect(Collectors.joining(",")))
                .param(Micros.of(key.createdAt()))
                .update();
    }

    /** All keys, revoked ones included, oldest first. */
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

    /** Notes when keys were last used, by id, all in one transaction. */
    public void used(Map<String, Instant> at) {
        transaction.executeWithoutResult(status -> at.forEach((id, when) -> writes
                .sql("UPDATE api_key SET last_used_us = ? WHERE id = ? AND coalesce(last_used_us, 0) < ?")
                .param(Micros.of(when))
                .param(id)
                .param(Micros.of(when))
                .update()));
    }

    /** A permission that this version does not know is none. */
    private static Set<Permission> permissions(String stored) {
        return Arrays.stream(Permission.values())
                .filter(permission -> List.of(stored.split(",", -1)).contains(permission.text()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static StoredKey read(ResultSet row, int number) throws SQLException {
        return new StoredKey(row.getString("id"), row.getString("name"), row.getString("prefix"),
                row.getString("sha256"), row.getString("tenant"), Rows.tags(row, "tags"),
                permissions(row.getString("may")),
                Rows.instant(row, "created_us"), Rows.instantOrNull(row, "last_used_us"),
                Rows.instantOrNull(row, "revoked_us"));
    }
}
