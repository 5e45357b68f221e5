package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.chain.DropRecord;
import dev.pareto.dashboards.store.Micros;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of the rows of closed months, a few at a time, inside the caller's transactions: a month is named as dropped with its first rows,
 * so that wherever this ends in between the books still hold. Sums, adjustments and the chain of hashes stay. For stores without
 * partitions.
 */
final class MonthTrim {

    private static final Logger LOG = LoggerFactory.getLogger(MonthTrim.class);

    /** Closed, past its time, without a call under way; the plus keeps to the index of open rows, which are few. */
    private static final String DUE = """
                                      SELECT month, from_id, to_id, from_us, to_us FROM (
                                        SELECT month, from_us, to_us,
                                          substr(printf('%012x', from_us / 1000), 1, 8) || '-' || substr(printf('%012x', from_us / 1000), 9, 4) AS from_id,
                                          substr(printf('%012x', to_us / 1000), 1, 8) || '-' || substr(printf('%012x', to_us / 1000), 9, 4) AS to_id
                                        FROM billing_month WHERE month < ?) b
                                      WHERE NOT EXISTS (SELECT 1 FROM dropped_month d WHERE d.month = b.month)
                                        AND (EXISTS (SELECT 1 FROM attempt a WHERE a.attempt_id >= b.from_id AND a.attempt_id < b.to_id)
                                          OR EXISTS (SELECT 1 FROM request r WHERE r.request_id >= b.from_id AND r.request_id < b.to_id))
                                        AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.state = 'OPEN' AND +a.attempt_id >= b.from_id
                                          AND +a.attempt_id < b.to_id)
                                      ORDER BY month LIMIT 1""";

    private static final String NAME = "INSERT INTO dropped_month (month, from_id, to_id, from_us, to_us, dropped_us)"
            + " SELECT month, from_id, to_id, from_us, to_us, ? FROM (" + DUE + ") WHERE month = ?";

    private static final String DROPPED = "SELECT from_id, to_id FROM dropped_month ORDER BY month";

    private static final String LAST_ATTEMPT = """
                                               SELECT MAX(attempt_id), COUNT(*) FROM (
                                                 SELECT attempt_id FROM attempt WHERE attempt_id >= ? AND attempt_id < ?
                                                 ORDER BY attempt_id LIMIT ?)""";

    /** Children first. */
    private static final List<String> OF_ATTEMPTS = List.of("charge_line", "baseline_line", "attempt");
    private static final List<String> OF_REQUESTS = List.of("decision", "request");

    private final Connection connection;

    MonthTrim(Connection connection) {
        this.connection = connection;
    }

    private record Range(String from, String to) {}

    /** What the chains have of the first month that is due, read on a connection of the caller's own; null when none is. */
    static @Nullable DropRecord due(Connection reads, YearMonth first) throws SQLException {
        try (PreparedStatement statement = reads.prepareStatement(DUE)) {
            statement.setString(1, first.toString());
            String month;
            try (ResultSet row = statement.executeQuery()) {
                month = row.next() ? row.getString(1) : null;
            }
            // nothing is booked any more for a closed month without a call under way
            return month == null ? null : DropRecord.of(reads, YearMonth.parse(month));
        }
    }

    /** Names a month as dropped, and in the chain, if it is still due. */
    void begin(DropRecord record, YearMonth first, Instant now) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NAME)) {
            statement.setLong(1, Micros.of(now));
            statement.setString(2, first.toString());
            statement.setString(3, record.month().toString());
            if (statement.executeUpdate() > 0) {
                record.book(connection, now);
                LOG.info("The rows of {} are no longer kept; their sums and hashes are", record.month());
            }
        }
    }

    /**
     * One step.
     *
     * @param rows attempts, or requests, of dropped months that it takes at most
     * @return how many it took; 0 when nothing is left to do
     */
    int take(int rows) throws SQLException {
        for (Range range : dropped()) {
            int taken = attempts(range, rows);
            for (String table : taken == 0 ? OF_REQUESTS : List.<String>of()) {
                taken += requests(table, range, rows - taken);
            }
            if (taken > 0) {
                return taken;
            }
        }
        return 0;
    }

    private List<Range> dropped() throws SQLException {
        List<Range> ranges = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(DROPPED);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                ranges.add(new Range(row.getString(1), row.getString(2)));
            }
        }
        return ranges;
    }

    private int attempts(Range range, int rows) throws SQLException {
        String last;
        int count;
        try (PreparedStatement statement = bound(LAST_ATTEMPT, range.from(), range.to(), rows);
                ResultSet row = statement.executeQuery()) {
            row.next();
            last = row.getString(1);
            count = row.getInt(2);
        }
        for (String table : last == null ? List.<String>of() : OF_ATTEMPTS) {
            try (PreparedStatement statement = bound(
                    "DELETE FROM " + table + " WHERE attempt_id >= ? AND attempt_id <= ?", range.from(), last, null)) {
                statement.executeUpdate();
            }
        }
        return count;
    }

    private int requests(String table, Range range, int rows) throws SQLException {
        try (PreparedStatement statement = bound(
                "DELETE FROM " + table + " WHERE request_id IN (SELECT request_id FROM "
                        + table + " WHERE request_id >= ? AND request_id < ? ORDER BY request_id LIMIT ?)",
                range.from(),
                range.to(), rows)) {
            return statement.executeUpdate();
        }
    }

    private PreparedStatement bound(String sql, String from, String to, @Nullable Integer rows) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setString(1, from);
        statement.setString(2, to);
        if (rows != null) {
            statement.setInt(3, rows);
        }
        return statement;
    }
}
