package dev.pareto.dashboards.testing.books;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prepared inserts on the one connection that writes to a file. */
final class SqliteLoad implements BulkLoad {

    private static final int WAITING = 64;

    private record Chunk(PreparedStatement insert, List<@Nullable Object[]> rows) {}

    private record Part(String kind, String name, String sql) {}

    private final Connection connection;
    private final boolean alone;
    private final List<PreparedStatement> inserts = new ArrayList<>();
    private final List<Part> taken = new ArrayList<>();
    private final Lane<Chunk> lane = new Lane<>("books into SQLite", WAITING, SqliteLoad::write);

    SqliteLoad(Connection connection, boolean alone) throws SQLException {
        this.connection = connection;
        this.alone = alone;
        // in a file that nobody reads there is nothing to keep apart: pages are written once, not into a log first
        run("PRAGMA synchronous = OFF", "PRAGMA cache_size = -300000", "PRAGMA temp_store = FILE");
        if (alone) {
            run("PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = OFF");
        }
        connection.setAutoCommit(false);
    }

    @Override
    public BulkTable table(String name, List<String> columns) throws SQLException {
        takeAway(name);
        PreparedStatement insert = connection.prepareStatement("INSERT INTO " + name + " (" + String.join(", ", columns)
                + ") VALUES (" + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")");
        inserts.add(insert);
        return new BulkTable(rows -> lane.put(new Chunk(insert, rows)));
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            lane.close();
            for (PreparedStatement insert : inserts) {
                insert.close();
            }
            for (Part part : taken) {
                run(part.sql());
            }
            connection.commit();
            connection.setAutoCommit(true);
            run(alone ? "PRAGMA journal_mode = WAL" : "PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    private void takeAway(String table) throws SQLException {
        List<Part> parts = new ArrayList<>();
        try (PreparedStatement statement = connection
                .prepareStatement("SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = ? AND sql IS NOT NULL"
                        + " AND type IN ('index', 'trigger') ORDER BY type")) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    parts.add(new Part(row.getString(1), row.getString(2), row.getString(3)));
                }
            }
        }
        for (Part part : parts) {
            run("DROP " + part.kind() + " " + part.name());
        }
        taken.addAll(parts);
    }

    private static void write(Chunk chunk) throws SQLException {
        PreparedStatement insert = chunk.insert();
        for (@Nullable
        Object[] row : chunk.rows()) {
            for (int i = 0; i < row.length; i++) {
                switch (row[i]) {
                    case null -> insert.setNull(i + 1, Types.NULL);
                    case String text -> insert.setString(i + 1, text);
                    case Number number -> insert.setLong(i + 1, number.longValue());
                    case byte[] bytes -> insert.setBytes(i + 1, bytes);
                    default -> throw new IllegalArgumentException("no column holds " + row[i]);
                }
            }
            insert.addBatch();
        }
        insert.executeBatch();
    }

    private void run(String... sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String one : sql) {
                statement.execute(one);
            }
        }
    }
}
