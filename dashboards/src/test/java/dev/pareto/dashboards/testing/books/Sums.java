package dev.pareto.dashboards.testing.books;

import dev.pareto.dashboards.store.Micros;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The sums of one roll-up table, kept in memory until their time is over. */
final class Sums implements AutoCloseable {

    private final BulkTable table;
    private final @Nullable BulkTable daily;
    /** By day without some of the keys. */
    private final @Nullable BulkTable coarse;
    /** The places of the keys that it has. */
    private final int[] kept;
    private final TreeMap<Long, Map<List<Object>, long[]>> coarseDays = new TreeMap<>();
    private final int measures;
    private final TreeMap<Long, Map<List<Object>, long[]>> open = new TreeMap<>();
    private final TreeMap<Long, Map<List<Object>, long[]>> openDays = new TreeMap<>();

    /**
     * @param coarser sums by day without {@code leftOut}
     * @param keys the time first
     */
    Sums(BulkLoad load, String name, @Nullable String days, @Nullable String coarser, List<String> leftOut,
            List<String> keys, List<String> measures) throws SQLException {
        this.measures = measures.size();
        List<String> columns = new ArrayList<>(keys);
        columns.addAll(measures);
        table = load.table(name, columns);
        daily = days == null ? null : load.table(days, columns);
        coarse = coarser == null
                ? null
                : load.table(coarser,
                        columns.stream().filter(column -> !leftOut.contains(column)).toList());
        kept = IntStream.range(0, keys.size() - 1)
                .filter(place -> !leftOut.contains(keys.get(place + 1)))
                .toArray();
    }

    /** @param key without the time */
    void add(long time, List<Object> key, long... values) {
        add(open, time, key, values);
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
        while (!open.isEmpty() && open.firstKey() < hour) {
            Map.Entry<Long, Map<List<Object>, long[]>> over = open.pollFirstEntry();
            if (daily != null) {
                over.getValue().forEach((key, sums) -> add(openDays, Micros.dayOf(over.getKey()), key, sums));
            }
            write(over, table);
        }
        while (daily != null && !openDays.isEmpty() && openDays.firstKey() < Micros.dayOf(hour)) {
            Map.Entry<Long, Map<List<Object>, long[]>> over = openDays.pollFirstEntry();
            write(over, daily);
            if (coarse != null) {
                over.getValue()
                        .forEach((key, sums) -> add(coarseDays, over.getKey(),
                                IntStream.of(kept).mapToObj(key::get).toList(), sums));
                write(coarseDays.pollFirstEntry(), coarse);
            }
        }
    }

    /** In the order of the table's key, so that it only grows at its end. */
    private void write(Map.Entry<Long, Map<List<Object>, long[]>> sumsOf, BulkTable into) throws SQLException {
        List<Map.Entry<List<Object>, long[]>> sorted = new ArrayList<>(sumsOf.getValue().entrySet());
        sorted.sort((left, right) -> order(left.getKey(), right.getKey()));
        for (Map.Entry<List<Object>, long[]> sums : sorted) {
            Object[] row = new Object[1 + sums.getKey().size() + measures];
            row[0] = sumsOf.getKey();
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

    private static int order(List<Object> left, List<Object> right) {
        int order = 0;
        for (int i = 0; order == 0 && i < left.size(); i++) {
            order = left.get(i) instanceof String text
                    ? text.compareTo((String) right.get(i))
                    : Long.compare((Long) left.get(i), (Long) right.get(i));
        }
        return order;
    }

    @Override
    public void close() throws SQLException {
        endBefore(Long.MAX_VALUE);
        table.flush();
        if (daily != null) {
            daily.flush();
        }
        if (coarse != null) {
            coarse.flush();
        }
    }
}
