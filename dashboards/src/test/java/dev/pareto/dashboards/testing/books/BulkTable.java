package dev.pareto.dashboards.testing.books;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows for one table, gathered and handed on by the hundred. Values are texts, whole numbers, bytes or null. One thread's. */
final class BulkTable {

    private static final int CHUNK = 500;

    private final Lane.Work<List<@Nullable Object[]>> writer;
    private List<@Nullable Object[]> rows = new ArrayList<>(CHUNK);

    BulkTable(Lane.Work<List<@Nullable Object[]>> writer) {
        this.writer = writer;
    }

    void add(@Nullable Object... row) throws SQLException {
        rows.add(row);
        if (rows.size() == CHUNK) {
            flush();
        }
    }

    /** Hands on what is at hand. */
    void flush() throws SQLException {
        if (!rows.isEmpty()) {
            writer.take(rows);
            rows = new ArrayList<>(CHUNK);
        }
    }
}
