package dev.pareto.dashboards.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock on a replica's name, held by the very connection that writes under it: when the connection dies, so does the lock, and no
 * transaction of a gateway that has lost its name can still commit. Thread-safe.
 */
final class NameClaim implements Store.Claim {

    private static final Logger LOG = LoggerFactory.getLogger(NameClaim.class);
    /** For a session of ours that was told to end to have ended. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final String TRY = "SELECT pg_try_advisory_lock(hashtext(?), hashtext(?))";
    private static final String WAIT = "SELECT pg_advisory_lock(hashtext(?), hashtext(?))";
    private static final String WHO = """
                                      SELECT pid, backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()""";
    private static final String END = """
                                      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                                      WHERE pid = ? AND backend_start::text = ?""";
    /** What PostgreSQL says when a lock was not had in time. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** What a writer does; each has a lock of its own. */
    private enum Part {

        LEDGER("pareto-ledger"), OPENINGS("pareto-openings");

        private final String lock;

        Part(String lock) {
            this.lock = lock;
        }
    }

    private final DataSource source;
    private final String name;
    private final Part part;
    private final @Nullable NameClaim beside;
    private @Nullable Connection first;
    private Session last;

    /** @param first a connection that has the lock */
    private NameClaim(DataSource source, String name, Part part, @Nullable NameClaim beside, Connection first)
            throws SQLException {
        this.source = source;
        this.name = name;
        this.part = part;
        this.beside = beside;
        this.first = first;
        this.last = Session.of(first);
    }

    /** The right to write under a name, as both of its writers; null where another gateway has it, or has not quite let go of it. */
    static @Nullable NameClaim of(DataSource source, String name) throws SQLException {
        Connection ledger = locked(source, name, Part.LEDGER);
        if (ledger == null) {
            return null;
        }
        try {
            Connection openings = locked(source, name, Part.OPENINGS);
            if (openings != null) {
                return new NameClaim(source, name, Part.LEDGER,
                        new NameClaim(source, name, Part.OPENINGS, null, openings), ledger);
            }
        } catch (SQLException | RuntimeException e) {
            try (ledger) {
                throw e;
            }
        }
        ledger.close();
        return null;
    }

    private static @Nullable Connection locked(DataSource source, String name, Part part) throws SQLException {
        Connection connection = source.getConnection();
        try {
            if (locked(connection, name, part)) {
                return connection;
            }
        } catch (SQLException | RuntimeException e) {
            try (connection) {
                throw e;
            }
        }
        connection.close();
        return null;
    }

    /** A session of the server; a number is given to another one in time, number and beginning never are. */
    private record Session(int pid, String start) {

        static Session of(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(WHO)) {
                row.next();
                return new Session(row.getInt(1), row.getString(2));
            }
        }
    }

    /** Whether the connection now has the lock on a name. */
    private static boolean locked(Connection connection, String name, Part part) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(TRY)) {
            lock.setString(1, part.lock);
            lock.setString(2, name);
            try (ResultSet row = lock.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    @Override
    public String replica() {
        return name;
    }

    @Override
    public Store.@Nullable Claim beside() {
        return beside;
    }

    @Override
    public synchronized Connection connect() throws SQLException {
        Connection ready = first;
        first = null;
        return ready == null ? anew() : ready;
    }

    private Connection anew() throws SQLException {
        Connection connection = source.getConnection();
        try {
            if (!locked(connection, name, part)) {
                endLast(connection);
                waitForLock(connection);
            }
            last = Session.of(connection);
            return connection;
        } catch (SQLException | RuntimeException e) {
            try (connection) {
                throw e;
            }
        }
    }

    /** Where only the network broke, the server may keep our last session, and with it the name, for hours. */
    private void endLast(Connection connection) throws SQLException {
        try (PreparedStatement end = connection.prepareStatement(END)) {
            end.setInt(1, last.pid());
            end.setString(2, last.start());
            end.execute();
        }
    }

    private void waitForLock(Connection connection) throws SQLException {
        try (Statement limit = connection.createStatement();
                PreparedStatement lock = connection.prepareStatement(WAIT)) {
            limit.execute("SET lock_timeout = '" + PATIENCE.toMillis() + "ms'");
            lock.setString(1, part.lock);
            lock.setString(2, name);
            lock.execute();
            limit.execute("RESET lock_timeout");
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw new SQLException("another gateway writes as " + name
                        + " since this one lost its connection; this one"
                        + " takes up again when that one stops, or restart this one and it gets a name of its own",
                        LOCK_NOT_AVAILABLE, e);
            }
            throw e;
        }
    }

    /** Lets go of the name where no writer has it; a writer lets go of it with its connection. */
    @Override
    public synchronized void close() {
        Connection unused = first;
        first = null;
        try {
            if (unused != null) {
                unused.close();
            }
        } catch (SQLException e) {
            LOG.warn("The ledger could not release its name: {}", e.getMessage());
        }
        if (beside != null) {
            beside.close();
        }
    }
}
