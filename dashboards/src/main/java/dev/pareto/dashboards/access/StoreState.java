package dev.pareto.dashboards.access;

import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.PostgresStore;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.Store;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How the store is doing.
 *
 * @param kind {@code SQLite} or {@code PostgreSQL}
 * @param place where it lies, without secrets
 * @param bytes its size, with indexes
 * @param schema the newest migration
 * @param oldestCall of which details are kept; null where there is none
 * @param closedMonths how many, whatever is kept of them
 * @param droppedMonths months of which only sums and hashes are left, newest first
 */
public record StoreState(String kind, String place, long bytes, String schema, @Nullable Instant oldestCall,
        int closedMonths, List<String> droppedMonths) {

    public StoreState {
        droppedMonths = List.copyOf(droppedMonths);
    }

    /** Blocks; looks at no more than a few rows. */
    public static StoreState of(Store store) {
        JdbcClient reads = JdbcClient.create(store.reads());
        String size = switch (store) {
            case SqliteStore file -> "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
            case PostgresStore server -> "SELECT pg_database_size(current_database())";
        };
        return new StoreState(store instanceof SqliteStore ? "SQLite" : "PostgreSQL", store.place(),
                reads.sql(size).query(Long.class).single(),
                reads.sql("SELECT version FROM flyway_schema_history WHERE version IS NOT NULL"
                        + " ORDER BY installed_rank DESC LIMIT 1").query(String.class).single(),
                reads.sql("SELECT started_us FROM attempt ORDER BY attempt_id LIMIT 1")
                        .query(Long.class)
                        .optional()
                        .map(Micros::toInstant)
                        .orElse(null),
                reads.sql("SELECT count(*) FROM billing_month").query(Integer.class).single(),
                reads.sql("SELECT month FROM dropped_month ORDER BY month DESC LIMIT 120")
                        .query((row, number) -> row.getString("month"))
                        .list());
    }
}
