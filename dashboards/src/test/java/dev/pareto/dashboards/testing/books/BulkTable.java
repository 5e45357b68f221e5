package dev.pareto.dashboards.testing.books;

import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows for one table, as fast as a database takes them. Values are texts, whole numbers, bytes or null. */
sealed interface BulkTable extends AutoCloseable {

    void add(@Nullable Object... row) throws SQLException;

    /** Sends what is at hand. */
    void flush() throws SQLException;

    @Override
    void close() throws SQLException;

    static BulkTable of(Connection connection, String name, List<String> columns) throws SQLException {
        return connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")
                ? new Copied(connection, name, columns)
                : new Batched(connection, name, columns);
    }

    /** Prepared inserts in batches. */
    final class Batched implements BulkTable {

        private static final int BATCH = 500;

        private final PreparedStatement insert;
        private final int columns;
        private int waiting;

        Batched(Connection connection, String name, List<String> columns) throws SQLException {
            this.columns = columns.size();
            insert = connection.prepareStatement("INSERT INTO " + name + " (" + String.join(", ", columns)
                    + ") VALUES (" + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")");
        }

        @Override
        public void add(@Nullable Object... row) throws SQLException {
            for (int i = 0; i < columns; i++) {
                switch (row[i]) {
                    case null -> insert.setNull(i + 1, Types.NULL);
                    case String text -> insert.setString(i + 1, text);
                    case Number number -> insert.setLong(i + 1, number.longValue());
                    case byte[] bytes -> insert.setBytes(i + 1, bytes);
                    default -> throw new IllegalArgumentException("no column holds " + row[i]);
                }
            }
            insert.addBatch();
            if (++waiting == BATCH) {
                flush();
            }
        }

        @Override
        public void flush() throws SQLException {
            if (waiting > 0) {
                insert.executeBatch();
                waiting = 0;
            }
        }

        @Override
        public void close() throws SQLException {
            flush();
            insert.close();
        }
    }

    /** PostgreSQL's COPY in its text format; by reflection, for the driver is there at run time alone. */
    final class Copied implements BulkTable {

        private static final int CHARS = 4 << 20;

        private final Object copies;
        private final Method copyIn;
        private final String copy;
        private final int columns;
        private final StringBuilder text = new StringBuilder(CHARS + 4_096);

        Copied(Connection connection, String name, List<String> columns) throws SQLException {
            this.columns = columns.size();
            try {
                Class<?> driver = Class.forName("org.postgresql.PGConnection");
                copies = driver.getMethod("getCopyAPI").invoke(connection.unwrap(driver));
                copyIn = copies.getClass().getMethod("copyIn", String.class, Reader.class);
            } catch (ReflectiveOperationException e) {
                throw new SQLException(e);
            }
            copy = "COPY " + name + " (" + String.join(", ", columns) + ") FROM STDIN";
        }

        @Override
        public void add(@Nullable Object... row) throws SQLException {
            for (int i = 0; i < columns; i++) {
                if (i > 0) {
                    text.append('\t');
                }
                switch (row[i]) {
                    case null -> text.append("\\N");
                    case byte[] bytes -> text.append("\\\\x").append(HexFormat.of().formatHex(bytes));
                    case Object value -> text.append(value);
                }
            }
            text.append('\n');
            if (text.length() > CHARS) {
                flush();
            }
        }

        @Override
        public void flush() throws SQLException {
            if (text.isEmpty()) {
                return;
            }
            try {
                copyIn.invoke(copies, copy, new StringReader(text.toString()));
            } catch (ReflectiveOperationException e) {
                throw new SQLException(e);
            }
            text.setLength(0);
        }

        @Override
        public void close() throws SQLException {
            flush();
        }
    }
}
