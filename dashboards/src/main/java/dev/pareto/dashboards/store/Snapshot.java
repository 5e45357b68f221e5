package dev.pareto.dashboards.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.springframework.dao.DataAccessResourceFailureException;

/** The ledger as it was when this was opened, however long one reads; for checks and exports. Of one thread; blocks. */
public final class Snapshot implements AutoCloseable {

    private static final int FETCH = 1_000;

    private final Store store;
    private final Connection connection;

    /** Takes a row where it stands. */
    public interface Reader {
        void accept(ResultSet row) throws SQLException;
    }

    /** Work on the connection that sees the snapshot. */
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** Opens one on a connection of its own. */
    public Snapshot(Store store) {
        this.store = store;
        try {
            this.connection = store.connect();
        } catch (SQLException e) {
            throw unreadable(e);
        }
        try {
            store.beginSnapshot(connection);
        } catch (SQLException e) {
            close();
            throw unreadable(e);
        }
    }

    /**
     * Gives row by row, however many there are.
     *
     * @param sql whose two parameters are the first microsecond and the one after the last
     * @param from the first UTC day
     * @param to the last UTC day
     */
    public void each(String sql, LocalDate from, LocalDate to, Reader reader) {
        read(open -> {
            try (PreparedStatement statement = open.prepareStatement(sql)) {
                statement.setFetchSize(FETCH);
                statement.setLong(1, Micros.of(from.atStartOfDay(ZoneOffset.UTC).toInstant()));
                statement.setLong(2, Micros.of(to.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()));
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        reader.accept(row);
                    }
                }
            }
            return true;
        });
    }

    /** @throws RowsDropped when rows of some UTC days are no longer kept */
    public void requireRows(LocalDate from, LocalDate to) {
        KeptRows.seenBy(connection).require(from, to);
    }

    /** Any other reading. */
    public <T> T read(Work<T> work) {
        try {
            return work.on(connection);
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private DataAccessResourceFailureException unreadable(SQLException e) {
        return new DataAccessResourceFailureException("the ledger " + store.place() + " cannot be read: "
                + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }
}
