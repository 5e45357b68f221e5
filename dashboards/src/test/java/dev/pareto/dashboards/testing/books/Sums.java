package dev.pareto.dashboards.testing.books;

import dev.pareto.dashboards.store.Micros;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The sums of one roll-up table, kept in memory until their time is over. */
final class Sums implements AutoCloseable {

    private final BulkTable table;
    private final BulkTable daily;
    private final int measures;
    private final TreeMap<Long, Map<List<Object>, long[]>> open = new TreeMap<>();
    private final TreeMap<Long, Map<List<Object>, long[]>> openDays = new TreeMap<>();

    /** @param keys the time first */
    Sums(Connection connection, String name, String days, List<String> keys, List<String> measures)
            throws SQLException {
        this.measures = measures.size();
        List<String> columns = new ArrayList<>(keys);
        columns.addAll(measures);
        table = BulkTable.of(connection, name, columns);
        daily = BulkTable.of(connection, days, columns);
    }

    /** @param key without the time */
    void add(long time, List<Object> key, long... values) {
        add(open, time, key, values);
        add(openDays, Micros.dayOf(time), key, values);
    }

    private void add(NavigableMap<Long, Map<List<Object>, long[]>> to, long time, List<Object> key, long... values) {
        long[] sums = to.computeIfAbsent(time, newTime -> new HashMap<>())
                .computeIfAbsent(key, newKey -> new long[measures]);
        for (int i = 0; i < measures; i++) {
            sums[i] += values[i];
        }
    }

    /** Writes all that is older, to which nothing comes any more. */
    void endBefore(long hour) throws SQLException {
        write(open, hour, table);
        write(openDays, Micros.dayOf(hour), daily);
    }

    private void write(NavigableMap<Long, Map<List<Object>, long[]>> sumsOf, long time, BulkTable into)
            throws SQLException {
        while (!sumsOf.isEmpty() && sumsOf.firstKey() < time) {
            Map.Entry<Long, Map<List<Object>, long[]>> over = sumsOf.pollFirstEntry();
            for (Map.Entry<List<Object>, long[]> sums : over.getValue().entrySet()) {
                Object[] row = new Object[1 + sums.getKey().size() + measures];
                row[0] = over.getKey();
                int column = 1;
                for (Object part : sums.getKey()) {
                    row[column++] = part;
                }
                for (long value : sums.getValue()) {
                    row[column++] = value;
                }
                into.add(row);
            }
        }
    }

    void flush() throws SQLException {
        table.flush();
        daily.flush();
    }

    @Override
    public void close() throws SQLException {
        endBefore(Long.MAX_VALUE);
        table.close();
        daily.close();
    }
}
