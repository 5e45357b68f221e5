package dev.pareto.dashboards.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Gathers sums by key in memory and adds them to one roll-up table, a statement for each key. */
final class SumTable implements AutoCloseable {

    private final int measures;
    private final PreparedStatement add;
    private final Map<List<Object>, long[]> sums = new HashMap<>();

    /**
     * @param keys the columns of its primary key
     * @param measures the columns that add up
     */
    SumTable(Connection connection, String table, List<String> keys, List<String> measures) throws SQLException {
        this.measures = measures.size();
        String added = measures.stream()
                .map(name -> name + " = " + table + "." + name + " + excluded." + name)
                .collect(Collectors.joining(", "));
        add = connection.prepareStatement("INSERT INTO " + table + " (" + String.join(", ", keys) + ", "
                + String.join(", ", measures) + ") VALUES ("
                + String.join(", ", Collections.nCopies(keys.size() + measures.size(), "?")) + ") ON CONFLICT ("
                + String.join(", ", keys) + ") DO UPDATE SET " + added);
    }

    /**
     * @param key strings and whole numbers, in the order of the columns
     * @param values in the order of the columns
     */
    void add(List<Object> key, long... values) {
        if (values.length != measures) {
            throw new IllegalArgumentException(values.length + " values for " + measures + " measures");
        }
        long[] sum = sums.computeIfAbsent(key, ignored -> new long[measures]);
        for (int i = 0; i < measures; i++) {
            sum[i] = Math.addExact(sum[i], values[i]);
        }
    }

    void flush() throws SQLException {
        if (sums.isEmpty()) {
            return;
        }
        for (Map.Entry<List<Object>, long[]> entry : sums.entrySet()) {
            Bind row = new Bind(add);
            for (Object part : entry.getKey()) {
                if (part instanceof Number number) {
                    row.number(number.longValue());
                } else {
                    row.text(part.toString());
                }
            }
            for (long value : entry.getValue()) {
                row.number(value);
            }
            row.batch();
        }
        add.executeBatch();
        sums.clear();
    }

    void discard() throws SQLException {
        add.clearBatch();
        sums.clear();
    }

    @Override
    public void close() throws SQLException {
        add.close();
    }
}
