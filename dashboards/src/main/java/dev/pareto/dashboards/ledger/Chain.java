package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.chain.Canonical;
import dev.pareto.dashboards.chain.EntryKind;
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
 * read again after one that did not.
 */
final class Chain implements AutoCloseable {

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
    interface Content {
        void addTo(Canonical text) throws SQLException;
    }

    private final String replica;
    private final InstantSource clock;
    private final PreparedStatement head;
    private final PreparedStatement entry;
    private final PreparedStatement dayHead;
    private @Nullable Head at;
    private boolean grown;

    Chain(Connection connection, String replica, InstantSource clock) throws SQLException {
        this.replica = replica;
        this.clock = clock;
        head = connection.prepareStatement(HEAD);
        entry = connection.prepareStatement(ENTRY);
        dayHead = connection.prepareStatement(DAY);
    }

    String replica() {
        return replica;
    }

    Instant now() {
        return clock.instant();
    }

    void append(EntryKind kind, String ref, Content content) throws SQLException {
        Head last = today();
        long seq = last.entries() + 1;
        Canonical text = new Canonical(replica, last.day(), seq, kind, ref);
        content.addTo(text);
        byte[] hash = text.hash(last.hash());
        new Bind(entry).text(replica)
                .text(last.day())
                .number(seq)
                .text(kind.name())
                .number(Canonical.FORM)
                .text(ref)
                .bytes(hash)
                .batch();
        at = new Head(last.day(), seq, last.previous(), hash);
        grown = true;
    }

    void flush() throws SQLException {
        Head last = at;
        if (!grown || last == null) {
            return;
        }
        entry.executeBatch();
        new Bind(dayHead).text(replica)
                .text(last.day())
                .number(last.entries())
                .bytes(last.previous())
                .bytes(last.hash())
                .write();
        grown = false;
    }

    /** After a transaction that may not have been kept. */
    void discard() throws SQLException {
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
