package dev.pareto.dashboards.testing.books;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The sums of one roll-up table, kept in memory until their time is over. */
final class Sums implements AutoCloseable {

    private final BulkTable table;
    private final int measures;
    private final TreeMap<Long, Map<List<Object>, long[]>> open = new TreeMap<>();

    /** @param keys the time first */
    Sums(Connection connection, String name, List<String> keys, List<String> measures) throws SQLException {
        this.measures = measures.size();
        List<String> columns = new ArrayList<>(keys);
        columns.addAll(measures);
        table = BulkTable.of(connection, name, columns);
    }

    /** @param key without the time */
    void add(long time, List<Object> key, long... values) {
        long[] sums = open.computeIfAbsent(time, newTime -> new HashMap<>())
                .computeIfAbsent(key, newKey -> new long[measures]);
        for (int i = 0; i < measures; i++) {
            sums[i] += values[i];
        }
    }

    /** Writes all that is older, to which nothing comes any more. */
    void endBefore(long time) throws SQLException {
        while (!open.isEmpty() && open.firstKey() < time) {
            Map.Entry<Long, Map<List<Object>, long[]>> over = open.pollFirstEntry();
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
                table.add(row);
            }
        }
    }

    void flush() throws SQLException {
        table.flush();
    }

    @Override
    public void close() throws SQLException {
        endBefore(Long.MAX_VALUE);
        table.close();
    }
}
