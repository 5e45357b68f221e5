package dev.pareto.dashboards.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What queries of past days answered. Whoever adds to the sums of a UTC day counts that in {@code rollup_change} in the same
 * transaction; so an answer holds exactly as long as the count of its days does, whichever gateway writes. The newest day, which
 * every call changes, is always asked for anew. Thread-safe; blocks.
 */
public final class KeptAnswers {

    private static final int FETCH = 1_000;
    /** At most this, and at most a sixteenth of the heap. */
    private static final long MOST_BYTES = 64L << 20;
    /** The part of it that one answer may take; a larger one is read row by row, and not kept. */
    private static final int PART = 4;
    /** About what an entry takes beside its texts. */
    private static final int BYTES_OF_AN_ENTRY = 1_000;

    private static final Duration LONGEST = Duration.ofHours(1);

    private final long bytes = Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / 16);
    private final Cache<Key, Answer> answers = Caffeine.newBuilder()
            .maximumWeight(bytes)
            // retention takes calls without counting that as a change of their sums
            .expireAfterWrite(LONGEST)
            .weigher((Key key, Answer answer) -> key.bytes() + answer.bytes())
            .build();

    /** @param parameters all that the query names, also the bounds in time */
    private record Key(String sql, Map<String, Object> parameters) {

        int bytes() {
            return BYTES_OF_AN_ENTRY + sql.length() + parameters.toString().length();
        }
    }

    /** @param changes of its days when it was asked for */
    private record Answer(long changes, List<Row> rows, int bytes) {}

    /**
     * How often days were added to.
     *
     * @param newestDay the last of which anything was booked, in microseconds; the least number where that is none
     * @param changes of the days asked for that lie before it
     */
    public record Changes(long newestDay, long changes) {}

    /** Of the days from one to before another, as the transaction sees them that the caller is in. */
    public Changes changes(JdbcClient client, long from, long to) {
        return client.sql("""
                          SELECT newest.day_us, COALESCE(SUM(changes), 0)
                          FROM (SELECT COALESCE(MAX(day_us), :none) AS day_us FROM rollup_change) AS newest
                          LEFT JOIN rollup_change c ON c.day_us >= :from AND c.day_us < :to AND c.day_us < newest.day_us
                          GROUP BY newest.day_us""")
                .param("none", Long.MIN_VALUE)
                .param("from", from)
                .param("to", to)
                .query((row, number) -> new Changes(row.getLong(1), row.getLong(2)))
                .single();
    }

    /**
     * The rows of a query of past days alone, kept or new.
     *
     * @param parameters that the query names
     * @param days what can tell how often these days were added to, now
     * @param changes what it told before
     */
    public void each(JdbcClient client, String sql, Map<String, Object> parameters, LongSupplier days, long changes,
            Consumer<Row> reader) {
        var key = new Key(sql, Map.copyOf(parameters));
        Answer kept = answers.getIfPresent(key);
        if (kept != null && kept.changes() == changes) {
            kept.rows().forEach(reader);
            return;
        }
        var gathered = new Gathered(bytes / PART);
        read(client, sql, parameters, row -> {
            gathered.add(row);
            reader.accept(row);
        });
        // without a transaction something may have been added between the two
        if (gathered.rows != null && days.getAsLong() == changes) {
            answers.put(key, new Answer(changes, List.copyOf(gathered.rows), gathered.bytes));
        }
    }

    /** The rows of any query, never kept. */
    public static void read(JdbcClient client, String sql, Map<String, Object> parameters, Consumer<Row> reader) {
        client.sql(sql).params(parameters).withFetchSize(FETCH).query((ResultSet rows) -> {
            Map<String, Integer> places = Row.places(rows.getMetaData());
            while (rows.next()) {
                reader.accept(Row.of(places, rows));
            }
            return true;
        });
    }

    /** Rows, as long as they are not too many to be kept. */
    private static final class Gathered {

        private final long most;
        private @Nullable List<Row> rows = new ArrayList<>();
        private int bytes;

        Gathered(long most) {
            this.most = most;
        }

        void add(Row row) {
            if (rows == null) {
                return;
            }
            rows.add(row);
            bytes += row.bytes();
            if (bytes > most) {
                rows = null;
            }
        }
    }
}
