package dev.pareto.dashboards.testing.books;

import dev.pareto.dashboards.store.PostgresStore;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/**
 * Writes whole books into a store that has none, as fast as it takes them: on threads of its own, in one transaction, without what
 * nobody needs meanwhile (indexes, triggers, safety against a crash: the books are made again after one). What was taken away is back
 * when it is closed.
 */
sealed interface BulkLoad extends AutoCloseable permits SqliteLoad, PostgresLoad {

    /** To be asked for before the first row is written. */
    BulkTable table(String name, List<String> columns) throws SQLException;

    /** Waits until every row is written, commits, and brings back what was taken away. Tables are flushed before. */
    @Override
    void close() throws SQLException;

    /** Into a store that others may read meanwhile. */
    static BulkLoad into(Store store, BooksPlan plan) throws SQLException {
        return switch (store) {
            case SqliteStore file -> new SqliteLoad(file.connect(), false);
            case PostgresStore server -> new PostgresLoad(server::connect, plan);
        };
    }

    /** Into a file that nobody else has open, which is twice as fast. */
    static BulkLoad into(Path file) throws SQLException {
        SqliteStore.open(file).close();
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        return new SqliteLoad(connection, true);
    }
}
