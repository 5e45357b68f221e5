package dev.pareto.dashboards.audit;

import dev.pareto.dashboards.chain.Canonical;
import dev.pareto.dashboards.chain.EntryKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks the chains: computes every hash anew from the rows as they are now. Reads on one connection; blocks. */
final class ChainCheck {

    private static final int FETCH = 1_000;

    private static final String DAYS = """
                                       SELECT replica, day, entries, previous, head,
                                         (SELECT MAX(b.day) FROM ledger_day b WHERE b.replica = d.replica AND b.day < d.day) AS before_day
                                       FROM ledger_day d WHERE day >= ? AND day <= ? ORDER BY replica, day""";

    private static final String HEAD = "SELECT head FROM ledger_day WHERE replica = ? AND day = ?";

    private static final String ENTRIES = """
                                          SELECT seq, kind, form, ref, hash FROM ledger_entry WHERE replica = ? AND day = ?
                                          ORDER BY seq""";

    private static final String ATTEMPT = "SELECT * FROM attempt WHERE attempt_id = ?";
    private static final String LINES = "SELECT * FROM charge_line WHERE attempt_id = ? ORDER BY line_no";
    private static final String BASELINE = "SELECT * FROM baseline_line WHERE attempt_id = ? ORDER BY line_no";
    private static final String ADJUSTMENT = "SELECT * FROM adjustment WHERE adjustment_id = ?";
    private static final String MONTH = "SELECT * FROM billing_month WHERE month = ?";

    /** Days whose entries nobody finished: there are entries but no head. */
    private static final String HEADLESS = """
                                           SELECT DISTINCT replica, day FROM ledger_entry e WHERE day >= ? AND day <= ? AND NOT EXISTS (
                                             SELECT 1 FROM ledger_day d WHERE d.replica = e.replica AND d.day = e.day) LIMIT 20""";

    private static final String DROP = "SELECT * FROM dropped_month WHERE month = ?";

    private final Connection connection;
    private final DroppedMonths dropped;
    private final List<String> broken = new ArrayList<>();
    private long entries;
    private long days;
    private long unread;

    ChainCheck(Connection connection, DroppedMonths dropped) {
        this.connection = connection;
        this.dropped = dropped;
    }

    private record Day(String replica, String day, long entries, byte[] previous, byte[] head,
            @Nullable String before) {

        String name() {
            return "the chain of " + replica + " on " + day;
        }
    }

    /** What is wrong, in sentences; at most one for each day, for one break makes all that follows unlike. */
    List<String> check(String fromDay, String toDay) throws SQLException {
        try (PreparedStatement headless = bound(HEADLESS, fromDay, toDay); ResultSet row = headless.executeQuery()) {
            while (row.next()) {
                broken.add("the chain of " + row.getString(1) + " on " + row.getString(2) + " has lost its head");
            }
        }
        List<Day> all = new ArrayList<>();
        try (PreparedStatement statement = bound(DAYS, fromDay, toDay); ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                all.add(new Day(row.getString(1), row.getString(2), row.getLong(3), row.getBytes(4), row.getBytes(5),
                        row.getString(6)));
            }
        }
        for (Day day : all) {
            days++;
            String wrong = wrong(day);
            if (wrong != null) {
                broken.add(day.name() + " " + wrong);
            }
        }
        return broken;
    }

    long entries() {
        return entries;
    }

    long days() {
        return days;
    }

    /** Entries whose rows are no longer kept. */
    long unread() {
        return unread;
    }

    private @Nullable String wrong(Day day) throws SQLException {
        if (!Arrays.equals(day.previous(), before(day))) {
            return "does not follow the day before";
        }
        byte[] hash = day.previous();
        long seq = 0;
        try (PreparedStatement statement = bound(ENTRIES, day.replica(), day.day());
                PreparedStatement attempt = connection.prepareStatement(ATTEMPT);
                PreparedStatement lines = connection.prepareStatement(LINES);
                PreparedStatement baseline = connection.prepareStatement(BASELINE)) {
            statement.setFetchSize(FETCH);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    seq++;
                    entries++;
                    EntryKind kind = EntryKind.valueOf(row.getString("kind"));
                    String ref = row.getString("ref");
                    if (row.getLong("seq") != seq) {
                        return "lacks entry " + seq;
                    }
                    if (row.getInt("form") != Canonical.FORM) {
                        return "has entry " + seq + " in form " + row.getInt("form")
                                + ", which this version cannot read";
                    }
                    var text = new Canonical(day.replica(), day.day(), seq, kind, ref);
                    boolean found = switch (kind) {
                        case ATTEMPT -> attempt(text, ref, attempt, lines, baseline);
                        case ADJUSTMENT -> single(text, kind, ref, ADJUSTMENT);
                        case MONTH -> single(text, kind, ref, MONTH);
                        case DROP -> single(text, kind, ref, DROP);
                    };
                    if (!found && kind == EntryKind.ATTEMPT && dropped.hold(ref)) {
                        hash = row.getBytes("hash");
                        unread++;
                        continue;
                    }
                    if (!found) {
                        return "tells of " + kind + " " + ref + " (entry " + seq + "), which is gone";
                    }
                    hash = text.hash(hash);
                    if (!Arrays.equals(hash, row.getBytes("hash"))) {
                        return "does not bear out " + kind + " " + ref + " (entry " + seq
                                + "): it was changed after it was booked";
                    }
                }
            }
        }
        if (seq != day.entries()) {
            return "has " + seq + " entries of " + day.entries();
        }
        return Arrays.equals(hash, day.head()) ? null : "does not end at its head";
    }

    private byte[] before(Day day) throws SQLException {
        if (day.before() == null) {
            return new byte[Canonical.HASH_BYTES];
        }
        try (PreparedStatement head = bound(HEAD, day.replica(), day.before()); ResultSet row = head.executeQuery()) {
            row.next();
            return row.getBytes(1);
        }
    }

    private static boolean attempt(Canonical text, String id, PreparedStatement attempt, PreparedStatement lines,
            PreparedStatement baseline) throws SQLException {
        attempt.setString(1, id);
        try (ResultSet row = attempt.executeQuery()) {
            if (!row.next()) {
                return false;
            }
            text.row(EntryKind.ATTEMPT, row);
        }
        lines.setString(1, id);
        try (ResultSet row = lines.executeQuery()) {
            while (row.next()) {
                text.line(row);
            }
        }
        baseline.setString(1, id);
        try (ResultSet row = baseline.executeQuery()) {
            while (row.next()) {
                text.baselineLine(row);
            }
        }
        return true;
    }

    private boolean single(Canonical text, EntryKind kind, String ref, String sql) throws SQLException {
        try (PreparedStatement statement = bound(sql, ref); ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return false;
            }
            text.row(kind, row);
            return true;
        }
    }

    private PreparedStatement bound(String sql, String... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setString(i + 1, values[i]);
        }
        return statement;
    }
}
