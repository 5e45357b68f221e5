package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.chain.Chain;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;

/** The writing connection with everything prepared on it. Used by one thread at a time. */
final class LedgerSession implements AutoCloseable {

    /** Makes connections of the writer's own. */
    interface Connections {
        Connection open() throws SQLException;
    }

    /** Makes sessions. */
    interface Sessions {
        LedgerSession open() throws SQLException;
    }

    private final Connection connection;
    private final boolean together;
    private final Chain chain;
    private final AttemptWriter attempts;
    private final AdjustmentWriter adjustments;
    private final MonthWriter months;
    private final MonthTrim trim;

    /**
     * A session of a connection that is never left behind, for with it goes the right to write.
     *
     * @param together whether openings alone are written, those of a commit in one way to the server and back
     */
    static LedgerSession on(Connection connection, String replica, InstantSource clock, boolean together)
            throws SQLException {
        try {
            return new LedgerSession(connection, replica, clock, together);
        } catch (SQLException | RuntimeException e) {
            try (connection) {
                throw e;
            }
        }
    }

    private LedgerSession(Connection connection, String replica, InstantSource clock, boolean together)
            throws SQLException {
        this.connection = connection;
        this.together = together;
        chain = new Chain(connection, replica, clock);
        attempts = new AttemptWriter(connection, chain,
                together ? new OpeningStatement(connection, replica) : new OpeningRows(connection, replica));
        adjustments = new AdjustmentWriter(connection, chain);
        months = new MonthWriter(connection, chain);
        trim = new MonthTrim(connection);
    }

    AttemptWriter attempts() {
        return attempts;
    }

    AdjustmentWriter adjustments() {
        return adjustments;
    }

    /** Months, once the sums of this transaction are written. */
    MonthWriter months() throws SQLException {
        attempts.flush();
        return months;
    }

    MonthTrim trim() {
        return trim;
    }

    void begin() throws SQLException {
        connection.setAutoCommit(together);
    }

    /** Whether the connection answers; it, and what the store holds by it, may be gone without anybody having written. Blocks. */
    boolean answers(Duration patience) throws SQLException {
        return connection.isValid((int) patience.toSeconds());
    }

    /** Writes what is gathered; what remains is to commit. */
    void flush() throws SQLException {
        if (!together) {
            attempts.flush();
            chain.flush();
        }
    }

    void commit() throws SQLException {
        if (together) {
            attempts.flush();
        } else {
            connection.commit();
            releaseLock();
        }
    }

    void rollBack() throws SQLException {
        attempts.discard();
        chain.discard();
        if (!connection.getAutoCommit()) {
            connection.rollback();
            releaseLock();
        }
    }

    /** SQLite's driver begins the next transaction at once, and with it takes the write lock, until it commits by itself again. */
    private void releaseLock() throws SQLException {
        connection.setAutoCommit(true);
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            attempts.close();
            adjustments.close();
            months.close();
            chain.close();
        }
    }
}
