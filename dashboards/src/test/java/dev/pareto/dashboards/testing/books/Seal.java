package dev.pareto.dashboards.testing.books;

import dev.pareto.dashboards.chain.Canonical;
import dev.pareto.dashboards.chain.EntryKind;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The chain of hashes over what is generated, as {@code Chain} of the ledger writes it. */
final class Seal implements AutoCloseable {

    private final String replica;
    private final BulkTable entries;
    private final BulkTable days;
    private final Map<String, Integer> index = new HashMap<>();
    /** What {@link #row} reads: the row at hand. */
    private @Nullable Object[] values = {};
    private final ResultSet row;
    private String day = "";
    private long seq;
    private byte[] previous = new byte[Canonical.HASH_BYTES];
    private byte[] head = new byte[Canonical.HASH_BYTES];

    /** @param columns of the rows of attempts */
    Seal(Connection connection, String replica, List<String> columns) throws SQLException {
        this.replica = replica;
        entries = BulkTable.of(connection, "ledger_entry",
                List.of("replica", "day", "seq", "kind", "form", "ref", "hash"));
        days = BulkTable.of(connection, "ledger_day", List.of("replica", "day", "entries", "previous", "head"));
        for (int i = 0; i < columns.size(); i++) {
            index.put(columns.get(i), i);
        }
        row = (ResultSet) Proxy.newProxyInstance(Seal.class.getClassLoader(), new Class<?>[]{ResultSet.class},
                (proxy, method, arguments) -> {
                    Object value = values[index.getOrDefault((String) arguments[0], -1)];
                    return value == null ? null : value.toString();
                });
    }

    /** @param onDay the UTC day of booking, never before the one of the entry before */
    void attempt(String onDay, String id, @Nullable Object[] attempt, Consumer<Canonical> lines) throws SQLException {
        if (!onDay.equals(day)) {
            endDay();
            day = onDay;
        }
        seq++;
        var text = new Canonical(replica, day, seq, EntryKind.ATTEMPT, id);
        values = attempt;
        text.row(EntryKind.ATTEMPT, row);
        lines.accept(text);
        head = text.hash(head);
        entries.add(replica, day, seq, EntryKind.ATTEMPT.name(), Canonical.FORM, id, head);
    }

    void flush() throws SQLException {
        entries.flush();
        days.flush();
    }

    private void endDay() throws SQLException {
        if (seq > 0) {
            days.add(replica, day, seq, previous, head);
        }
        previous = head;
        seq = 0;
    }

    @Override
    public void close() throws SQLException {
        endDay();
        entries.close();
        days.close();
    }
}
