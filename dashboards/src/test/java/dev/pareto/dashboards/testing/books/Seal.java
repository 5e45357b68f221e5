package dev.pareto.dashboards.testing.books;

import dev.pareto.dashboards.chain.Canonical;
import dev.pareto.dashboards.chain.EntryKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The chain of hashes over what is generated, as {@code Chain} of the ledger writes it; computed on a thread of its own. */
final class Seal implements AutoCloseable {

    private static final int CHUNK = 200;
    private static final int WAITING = 64;

    private final String replica;
    private final BulkTable entries;
    private final BulkTable days;
    private final Map<String, Integer> index = new HashMap<>();
    private final Lane<List<Booked>> lane;
    private List<Booked> waiting = new ArrayList<>(CHUNK);
    private String day = "";
    private long seq;
    private byte[] previous = new byte[Canonical.HASH_BYTES];
    private byte[] head = new byte[Canonical.HASH_BYTES];

    /**
     * What an entry is about.
     *
     * @param day the UTC day of booking, never before the one of the entry before
     */
    record Booked(String day, String id, @Nullable Object[] attempt, List<List<@Nullable String>> charged,
            List<List<@Nullable String>> compared) {}

    /** @param columns of the rows of attempts */
    Seal(BulkLoad load, String replica, List<String> columns) throws SQLException {
        this.replica = replica;
        entries = load.table("ledger_entry", List.of("replica", "day", "seq", "kind", "form", "ref", "hash"));
        days = load.table("ledger_day", List.of("replica", "day", "entries", "previous", "head"));
        for (int i = 0; i < columns.size(); i++) {
            index.put(columns.get(i), i);
        }
        lane = new Lane<>("books' chain", WAITING, this::append);
    }

    void attempt(Booked it) throws SQLException {
        waiting.add(it);
        if (waiting.size() == CHUNK) {
            lane.put(waiting);
            waiting = new ArrayList<>(CHUNK);
        }
    }

    private void append(List<Booked> chunk) throws SQLException {
        for (Booked it : chunk) {
            if (!it.day().equals(day)) {
                endDay();
                day = it.day();
            }
            seq++;
            var text = new Canonical(replica, day, seq, EntryKind.ATTEMPT, it.id());
            text.row(EntryKind.ATTEMPT, column -> {
                Object value = it.attempt()[index.getOrDefault(column, -1)];
                return value == null ? null : value.toString();
            });
            it.charged().forEach(text::line);
            it.compared().forEach(text::baselineLine);
            head = text.hash(head);
            entries.add(replica, day, seq, EntryKind.ATTEMPT.name(), Canonical.FORM, it.id(), head);
        }
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
        lane.put(waiting);
        lane.close();
        endDay();
        entries.flush();
        days.flush();
    }
}
