package dev.pareto.dashboards.testing.books;

import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's COPY in its text format, each table by a connection of its own. */
final class PostgresLoad implements BulkLoad {

    private static final int WAITING = 16;
    private static final String INDEXES = """
                                          SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i
                                          JOIN pg_class c ON c.oid = i.indexrelid
                                          WHERE i.indrelid = ?::REGCLASS AND NOT i.indisprimary AND NOT i.indisunique""";

    /** A new connection each time. */
    interface Connections {
        Connection connect() throws SQLException;
    }

    private final Connections connections;
    private final List<Copy> copies = new ArrayList<>();
    private final List<String> indexes = new ArrayList<>();

    PostgresLoad(Connections connections, BooksPlan plan) throws SQLException {
        this.connections = connections;
        try (Connection connection = connections.connect(); Statement statement = connection.createStatement()) {
            LocalDate month = LocalDate.ofInstant(plan.from(), ZoneOffset.UTC).withDayOfMonth(1);
            while (month.atStartOfDay(ZoneOffset.UTC).toInstant().isBefore(plan.to())) {
                statement.execute("SELECT pareto_month('" + month + "')");
                month = month.plusMonths(1);
            }
        }
    }

    @Override
    public BulkTable table(String name, List<String> columns) throws SQLException {
        takeAway(name);
        Copy copy = new Copy(connections.connect(), name, columns);
        copies.add(copy);
        return new BulkTable(copy.lane::put);
    }

    @Override
    public void close() throws SQLException {
        for (Copy copy : copies) {
            copy.close();
        }
        try (Connection connection = connections.connect(); Statement statement = connection.createStatement()) {
            statement.execute("SET maintenance_work_mem = '512MB'");
            for (String index : indexes) {
                statement.execute(index);
            }
            // as the server does by itself in time; without it no index alone answers
            statement.execute("VACUUM ANALYZE");
        }
    }

    private void takeAway(String table) throws SQLException {
        try (Connection connection = connections.connect();
                PreparedStatement statement = connection.prepareStatement(INDEXES);
                Statement drop = connection.createStatement()) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    // of a partitioned table it says ONLY, which would leave out the months
                    indexes.add(row.getString(2).replace(" ON ONLY ", " ON "));
                    drop.execute("DROP INDEX " + row.getString(1));
                }
            }
        }
    }

    /** One table; by reflection, for the driver is there at run time alone. */
    private static final class Copy {

        private static final int CHARS = 1 << 20;

        private final Connection connection;
        private final Object copies;
        private final Method copyIn;
        private final String copy;
        private final StringBuilder text = new StringBuilder(CHARS + 65_536);
        private final Lane<List<@Nullable Object[]>> lane;

        Copy(Connection connection, String name, List<String> columns) throws SQLException {
            this.connection = connection;
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET session_replication_role = replica");
                statement.execute("SET synchronous_commit = off");
            }
            connection.setAutoCommit(false);
            try {
                Class<?> driver = Class.forName("org.postgresql.PGConnection");
                copies = driver.getMethod("getCopyAPI").invoke(connection.unwrap(driver));
                copyIn = copies.getClass().getMethod("copyIn", String.class, Reader.class);
            } catch (ReflectiveOperationException e) {
                throw new SQLException(e);
            }
            copy = "COPY " + name + " (" + String.join(", ", columns) + ") FROM STDIN";
            lane = new Lane<>("books into " + name, WAITING, this::write);
        }

        private void write(List<@Nullable Object[]> rows) throws SQLException {
            for (@Nullable
            Object[] row : rows) {
                for (int i = 0; i < row.length; i++) {
                    if (i > 0) {
                        text.append('\t');
                    }
                    switch (row[i]) {
                        case null -> text.append("\\N");
                        case byte[] bytes -> HexFormat.of().formatHex(text.append("\\\\x"), bytes);
                        case Long number -> text.append(number.longValue());
                        case Object value -> text.append(value);
                    }
                }
                text.append('\n');
            }
            if (text.length() > CHARS) {
                send();
            }
        }

        private void send() throws SQLException {
            try {
                copyIn.invoke(copies, copy, new StringReader(text.toString()));
            } catch (ReflectiveOperationException e) {
                throw new SQLException(e);
            }
            text.setLength(0);
        }

        void close() throws SQLException {
            try (connection) {
                lane.close();
                if (!text.isEmpty()) {
                    send();
                }
                connection.commit();
            }
        }
    }
}
