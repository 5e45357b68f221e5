package dev.pareto.dashboards.audit;

import dev.pareto.dashboards.chain.DropRecord;
import dev.pareto.dashboards.store.Micros;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The months whose rows are kept no longer, and whether each went as it should. Reads on one connection; blocks. */
final class DroppedMonths {

    private static final String ROWS = "SELECT * FROM dropped_month ORDER BY month";

    private static final String TOLD = """
                                       SELECT e.ref FROM ledger_day d JOIN ledger_entry e ON e.day = d.day AND e.replica = d.replica
                                       WHERE d.replica = ? AND e.kind = 'DROP'""";

    /** Days of which sums were kept; those of the hour after a dropped month may be of its last rows. */
    private static final String SUMS = """
                                       SELECT DISTINCT hour_us FROM rollup_model_day s WHERE attempts > 0 AND hour_us >= ? AND hour_us < ?
                                         AND NOT EXISTS (SELECT 1 FROM dropped_month m
                                           WHERE m.from_us <= s.hour_us AND m.to_us + 3600000000 > s.hour_us)""";

    private static final String ANY = "SELECT 1 FROM attempt WHERE started_us >= ? AND started_us < ? LIMIT 1";

    private static final String NONE = ": the rows of this month went for no reason that is told";

    private final Connection connection;
    private final List<Dropped> months = new ArrayList<>();

    DroppedMonths(Connection connection) throws SQLException {
        this.connection = connection;
        try (PreparedStatement statement = connection.prepareStatement(ROWS);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                months.add(new Dropped(YearMonth.parse(row.getString("month")), row.getString("from_id"),
                        row.getString("to_id"), row.getLong("entries"), row.getString("digest")));
            }
        }
    }

    /** Ids of rows that are no longer kept; of these the chain is taken at its word, and that word is bound by the digest. */
    private record Dropped(YearMonth month, String fromId, String toId, long entries, @Nullable String digest) {

        boolean holds(String id) {
            return id.compareTo(fromId) >= 0 && id.compareTo(toId) < 0;
        }
    }

    /** Whether an attempt's row went with its month. */
    boolean hold(String id) {
        return months.stream().anyMatch(month -> month.holds(id));
    }

    /**
     * What is wrong, in sentences.
     *
     * @param fromMicros start of the first day that is asked about
     * @param toMicros start of the day after the last one
     */
    List<String> problems(long fromMicros, long toMicros) throws SQLException {
        List<String> found = new ArrayList<>();
        Set<String> told = told();
        for (Dropped it : months) {
            String wrong = it.digest() == null || !told.contains(it.month().toString())
                    ? "the chain does not tell that they were" + NONE
                    : days(it.month(), fromMicros, toMicros) ? wrong(it) : null;
            if (wrong != null) {
                found.add("the rows of " + it.month() + " are marked as dropped, but " + wrong);
            }
        }
        for (YearMonth month : summed(fromMicros, toMicros)) {
            if (!any(month)) {
                found.add("there are sums of " + month + " and no rows, and no record that it was dropped" + NONE);
            }
        }
        return found;
    }

    private @Nullable String wrong(Dropped it) throws SQLException {
        DropRecord now = DropRecord.of(connection, it.month());
        if (now == null) {
            return "the month was never closed";
        }
        if (!it.fromId().equals(DropRecord.firstId(it.month()))
                || !it.toId().equals(DropRecord.firstId(it.month().plusMonths(1)))) {
            return "the record names the ids of other days";
        }
        return now.entries() == it.entries() && now.digest().equals(it.digest())
                ? null
                : "the chain's entries of them are not those of then: " + now.entries() + " of " + it.entries()
                        + (now.entries() == it.entries() ? ", with other hashes" : "");
    }

    private Set<String> told() throws SQLException {
        Set<String> told = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(TOLD)) {
            statement.setString(1, DropRecord.CHAIN);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    told.add(row.getString(1));
                }
            }
        }
        return told;
    }

    private Set<YearMonth> summed(long fromMicros, long toMicros) throws SQLException {
        Set<YearMonth> summed = new TreeSet<>();
        try (PreparedStatement statement = connection.prepareStatement(SUMS)) {
            statement.setLong(1, fromMicros);
            statement.setLong(2, toMicros);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    summed.add(YearMonth.from(
                            Micros.toInstant(row.getLong(1)).atOffset(ZoneOffset.UTC)));
                }
            }
        }
        return summed;
    }

    private boolean any(YearMonth month) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ANY)) {
            statement.setLong(1, micros(month));
            statement.setLong(2, micros(month.plusMonths(1)));
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    private static boolean days(YearMonth month, long fromMicros, long toMicros) {
        return micros(month) < toMicros && micros(month.plusMonths(1)) > fromMicros;
    }

    private static long micros(YearMonth month) {
        return Micros.of(month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    }
}
