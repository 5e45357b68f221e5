package dev.pareto.dashboards.chain;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Appends to the chain of one replica, inside the caller's transaction. The head is kept in memory while commits succeed and is
 * read again after one that did not. Not thread-safe.
 */
public final class Chain implements AutoCloseable {

    private static final String HEAD = """
                                       SELECT day, entries, previous, head FROM ledger_day WHERE replica = ?
                                       ORDER BY day DESC LIMIT 1""";

    private static final String ENTRY = """
                                        INSERT INTO ledger_entry (replica, day, seq, kind, form, ref, hash)
                                        VALUES (?, ?, ?, ?, ?, ?, ?)""";

    private static final String DAY = """
                                      INSERT INTO ledger_day (replica, day, entries, previous, head) VALUES (?, ?, ?, ?, ?)
                                      ON CONFLICT (replica, day) DO UPDATE SET entries = excluded.entries, head = excluded.head""";

    /** Where a day stands. */
    private record Head(String day, long entries, byte[] previous, byte[] hash) {}

    /** What is hashed for an entry, told where it stands. */
    public interface Content {
        void addTo(Canonical text) throws SQLException;
    }

    private final String replica;
    private final InstantSource clock;
    private final PreparedStatement head;
    private final PreparedStatement entry;
    private final PreparedStatement dayHead;
    private @Nullable Head at;
    private boolean grown;

    /** @param replica whose chain it is; nobody else may append to it meanwhile */
    public Chain(Connection connection, String replica, InstantSource clock) throws SQLException {
        this.replica = replica;
        this.clock = clock;
        head = connection.prepareStatement(HEAD);
        entry = connection.prepareStatement(ENTRY);
        dayHead = connection.prepareStatement(DAY);
    }

    public String replica() {
        return replica;
    }

    public Instant now() {
        return clock.instant();
    }

    /** Adds an entry; it is written with {@link #flush}. */
    public void append(EntryKind kind, String ref, Content content) throws SQLException {
        Head last = today();
        long seq = last.entries() + 1;
        Canonical text = new Canonical(replica, last.day(), seq, kind, ref);
        content.addTo(text);
        byte[] hash = text.hash(last.hash());
        entry.setString(1, replica);
        entry.setString(2, last.day());
        entry.setLong(3, seq);
        entry.setString(4, kind.name());
        entry.setInt(5, Canonical.FORM);
        entry.setString(6, ref);
        entry.setBytes(7, hash);
        entry.addBatch();
        at = new Head(last.day(), seq, last.previous(), hash);
        grown = true;
    }

    /** Writes what was added; to be called before the commit. */
    public void flush() throws SQLException {
        Head last = at;
        if (!grown || last == null) {
            return;
        }
        entry.executeBatch();
        dayHead.setString(1, replica);
        dayHead.setString(2, last.day());
        dayHead.setLong(3, last.entries());
        dayHead.setBytes(4, last.previous());
        dayHead.setBytes(5, last.hash());
        dayHead.executeUpdate();
        grown = false;
    }

    /** After a transaction that may not have been kept. */
    public void discard() throws SQLException {
        entry.clearBatch();
        at = null;
        grown = false;
    }

    private Head today() throws SQLException {
        Head last = at == null ? read() : at;
        String day = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toString();
        if (last == null) {
            return new Head(day, 0, new byte[Canonical.HASH_BYTES], new byte[Canonical.HASH_BYTES]);
        }
        // A clock that was set back stays on the day that has begun.
        if (day.compareTo(last.day()) <= 0) {
            return last;
        }
        flush();
        return new Head(day, 0, last.hash(), last.hash());
    }

    private @Nullable Head read() throws SQLException {
        head.setString(1, replica);
        try (ResultSet row = head.executeQuery()) {
            return row.next()
                    ? new Head(row.getString(1), row.getLong(2), row.getBytes(3), row.getBytes(4))
                    : null;
        }
    }

    @Override
    public void close() throws SQLException {
        head.close();
        entry.close();
        dayHead.close();
    }
}
