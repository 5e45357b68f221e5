package dev.pareto.dashboards.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Experiments on file: where they stand, who took part and what was found. Blocks. */
public final class ExperimentRepository {

    /**
     * Attempts of one request whose answer the caller may get, and what a cascade spent on top; copies beside it are none of its cost or
     * time.
     */
    private static final String REQUESTS = """
                                           SELECT e.request_id, e.arm, e.before, e.unit, e.ask, e.at_us, e.delivered, e.down, e.malformed,
                                             CASE WHEN COUNT(a.cost_pico) = COUNT(*) THEN SUM(a.cost_pico) END AS cost,
                                             MIN(a.started_us) AS started, MAX(a.ended_us) AS ended,
                                             MAX(CASE WHEN a.state = 'SETTLED' AND a.role NOT IN %1$s THEN a.first_byte_us END) AS first_byte,
                                             MAX(CASE WHEN a.state = 'SETTLED' AND a.role NOT IN %1$s
                                               THEN a.finish_reason = 'length' END) AS truncated,
                                             SUM(a.state = 'OPEN') AS open,
                                             SUM(a.state = 'SETTLED' AND a.role NOT IN %1$s) AS settled,
                                             SUM(a.state = 'SETTLED' AND a.role IN ('PRIMARY', 'RETRY', 'CACHE_HIT', 'CASCADE', 'ESCALATION')) AS own,
                                             SUM(a.role NOT IN %1$s AND (a.state = 'ABORTED' OR a.state = 'FAILED' AND a.http_status BETWEEN 400 AND 499
                                               AND a.http_status NOT IN (408, 429))) AS callers
                                           FROM exposure e JOIN attempt a ON a.request_id = e.request_id AND a.role NOT IN %2$s
                                           WHERE e.experiment = ? AND (e.before = 0 AND e.run = ? OR e.before = 1 AND e.at_us >= ? AND e.run = ?)
                                           GROUP BY e.request_id ORDER BY e.at_us, e.request_id"""
            .formatted(RoleSql.DRAFTS, RoleSql.BESIDE);

    private static final String POSTED = """
                                         SELECT o.request_id, o.metric, o.value, e.at_us FROM exposure e
                                         JOIN experiment_outcome o ON o.request_id = e.request_id
                                         WHERE e.experiment = ? AND (e.before = 0 AND e.run = ? OR e.before = 1 AND e.at_us >= ? AND e.run = ?)
                                         ORDER BY e.at_us""";

    private static final int FETCH = 1_000;

    private final Store store;
    private final JdbcClient reads;
    private final JdbcClient writes;
    private final TransactionTemplate transaction;

    public ExperimentRepository(Store store) {
        this.store = store;
        this.reads = JdbcClient.create(store.reads());
        this.writes = JdbcClient.create(store.writes());
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(store.writes()));
    }

    /** All of them, by name. */
    public List<StoredExperiment> all() {
        return reads.sql("SELECT * FROM experiment ORDER BY name")
                .query((row, number) -> new StoredExperiment(row.getString("name"), row.getString("state"),
                        row.getInt("run"), Rows.instant(row, "since_us"), row.getString("json")))
                .list();
    }

    /** Replaces what is kept of the experiment and adds the move that led there, both or neither. */
    public void save(StoredExperiment experiment, StoredExperimentMove move) {
        transaction.executeWithoutResult(status -> {
            writes.sql("""
                       INSERT INTO experiment (name, state, run, since_us, json) VALUES (?, ?, ?, ?, ?)
                       ON CONFLICT (name) DO UPDATE SET state = excluded.state, run = excluded.run,
                         since_us = excluded.since_us, json = excluded.json""")
                    .param(experiment.name())
                    .param(experiment.state())
                    .param(experiment.run())
                    .param(Micros.of(experiment.since()))
                    .param(experiment.json())
                    .update();
            writes.sql("""
                       INSERT INTO experiment_move (at_us, name, run, from_state, to_state, actor, reason, decision)
                       VALUES (?, ?, ?, ?, ?, ?, ?, ?)""")
                    .param(Micros.of(move.at()))
                    .param(move.name())
                    .param(move.run())
                    .param(move.from())
                    .param(move.to())
                    .param(move.by())
                    .param(move.reason())
                    .param(move.decision())
                    .update();
        });
    }

    /** The moves of an experiment, newest first. */
    public List<StoredExperimentMove> moves(String name, int limit) {
        return reads.sql("SELECT * FROM experiment_move WHERE name = ? ORDER BY id DESC LIMIT ?")
                .param(name)
                .param(limit)
                .query((row, number) -> new StoredExperimentMove(Rows.instant(row, "at_us"), row.getString("name"),
                        row.getInt("run"), row.getString("from_state"), row.getString("to_state"),
                        row.getString("actor"), row.getString("reason"), row.getString("decision")))
                .list();
    }

    /**
     * Gives the requests of a run in the order of their arrival, with what their attempts and posts say; one after the other, however many
     * there are.
     *
     * @param watchedFrom from when on requests that were watched before the run count
     */
    public void eachRequest(String name, int run, Instant watchedFrom, Consumer<ExposedRequest> taker) {
        try (Snapshot snapshot = new Snapshot(store)) {
            snapshot.read(open -> {
                try (PreparedStatement posts = run(open, POSTED, name, run, watchedFrom);
                        PreparedStatement requests = run(open, REQUESTS, name, run, watchedFrom);
                        ResultSet posted = posts.executeQuery();
                        ResultSet row = requests.executeQuery()) {
                    var beside = new PostsBeside(posted);
                    while (row.next()) {
                        taker.accept(request(row, beside.of(row.getLong("at_us"), row.getString("request_id"))));
                    }
                }
                return true;
            });
        }
    }

    private static PreparedStatement run(Connection open, String sql, String name, int run, Instant watchedFrom)
            throws SQLException {
        PreparedStatement statement = open.prepareStatement(sql);
        statement.setFetchSize(FETCH);
        statement.setString(1, name);
        statement.setInt(2, run);
        statement.setLong(3, Micros.of(watchedFrom));
        statement.setInt(4, run);
        return statement;
    }

    /** What was posted of requests that come by in the order of their arrival: of those of one microsecond at a time. */
    private static final class PostsBeside {

        private final ResultSet posted;
        private final Map<String, Map<String, Double>> ofNow = new HashMap<>();
        private long now = Long.MIN_VALUE;
        private boolean there;

        PostsBeside(ResultSet posted) throws SQLException {
            this.posted = posted;
            this.there = posted.next();
        }

        Map<String, Double> of(long atMicros, String request) throws SQLException {
            if (atMicros != now) {
                now = atMicros;
                ofNow.clear();
                for (; there && posted.getLong("at_us") <= atMicros; there = posted.next()) {
                    if (posted.getLong("at_us") == atMicros) {
                        ofNow.computeIfAbsent(posted.getString("request_id"), id -> new HashMap<>())
                                .put(posted.getString("metric"), posted.getDouble("value"));
                    }
                }
            }
            return ofNow.getOrDefault(request, Map.of());
        }
    }

    private static ExposedRequest request(ResultSet row, Map<String, Double> posted) throws SQLException {
        Map<String, Double> values = new HashMap<>(posted);
        boolean ended = row.getInt("open") == 0;
        if (ended) {
            put(values, "cost", row, "cost", 1e-12, 0);
            put(values, "format", row, "malformed", 1, 0);
            put(values, "truncated", row, "truncated", 1, 0);
            if (row.getInt("settled") > 0) {
                put(values, "latency", row, "ended", 1e-3, row.getLong("started"));
                put(values, "first-token", row, "first_byte", 1e-3, row.getLong("started"));
            }
            // whoever answers in the end, what the assigned arm did not answer it has failed
            if (row.getInt("down") == 1) {
                values.put("errors", 1.0);
            } else if (row.getInt("own") > 0) {
                values.put("errors", 0.0);
            } else if (row.getInt("settled") > 0 || row.getInt("callers") == 0) {
                values.put("errors", 1.0);
            }
        }
        return new ExposedRequest(row.getString("arm"), row.getInt("before") == 1, row.getLong("unit"),
                row.getLong("ask"), Rows.instant(row, "at_us"), ended ? Rows.instantOrNull(row, "ended") : null,
                row.getInt("delivered") == 1, values);
    }

    private static void put(Map<String, Double> values, String metric, ResultSet row, String column, double scale,
            long from) throws SQLException {
        long value = row.getLong(column);
        if (!row.wasNull()) {
            values.put(metric, (value - from) * scale);
        }
    }

    /** Units of a run so far. */
    public int units(String name, int run) {
        return reads.sql("SELECT COUNT(DISTINCT unit) FROM exposure WHERE experiment = ? AND run = ? AND before = 0")
                .params(name, run)
                .query(Integer.class)
                .single();
    }

    /** What became known of a request's answer, e.g. that it lacks its form. */
    public record Formed(String requestId, boolean malformed) {}

    /**
     * A figure that somebody posted.
     *
     * @param metric its name
     */
    public record Posted(String requestId, String metric, double value, Instant at) {}

    /** Adds what became known; of requests in no experiment nothing is kept. */
    public void learn(List<Formed> formed, List<Posted> posted) {
        transaction.executeWithoutResult(status -> {
            formed.forEach(one -> writes.sql("UPDATE exposure SET malformed = ? WHERE request_id = ?")
                    .params(one.malformed() ? 1 : 0, one.requestId())
                    .update());
            posted.forEach(one -> writes.sql(
                    """
                    INSERT INTO experiment_outcome (request_id, metric, value, at_us)
                    SELECT request_id, ?, ?, ? FROM exposure WHERE request_id = ?
                    ON CONFLICT (request_id, metric) DO UPDATE SET value = excluded.value, at_us = excluded.at_us""")
                    .params(one.metric(), one.value(), Micros.of(one.at()), one.requestId())
                    .update());
        });
    }

    /** Whether the ledger has a request of that id. */
    public boolean known(String requestId) {
        return reads.sql("SELECT 1 FROM attempt WHERE request_id = ? LIMIT 1")
                .param(requestId)
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    /** Keeps what a look found. */
    public void look(String name, int run, Instant at, String json) {
        writes.sql("""
                   INSERT INTO experiment_look (name, run, at_us, json) VALUES (?, ?, ?, ?)
                   ON CONFLICT (name, run, at_us) DO UPDATE SET json = excluded.json""")
                .params(name, run, Micros.of(at), json)
                .update();
    }

    /** Forgets a look, where there are more than can be shown. */
    public void forget(String name, int run, Instant at) {
        writes.sql("DELETE FROM experiment_look WHERE name = ? AND run = ? AND at_us = ?")
                .params(name, run, Micros.of(at))
                .update();
    }

    /** What a look found, as its keeper wrote it. */
    public record Look(Instant at, String json) {}

    /** The looks of a run, oldest first. */
    public List<Look> looks(String name, int run) {
        return reads.sql("SELECT at_us, json FROM experiment_look WHERE name = ? AND run = ? ORDER BY at_us")
                .params(name, run)
                .query((row, number) -> new Look(Rows.instant(row, "at_us"), row.getString("json")))
                .list();
    }

    /** When the looks of a run were, oldest first. */
    public List<Instant> lookTimes(String name, int run) {
        return reads.sql("SELECT at_us FROM experiment_look WHERE name = ? AND run = ? ORDER BY at_us")
                .params(name, run)
                .query((row, number) -> Rows.instant(row, "at_us"))
                .list();
    }

    /** The last look of a run; null before the first. */
    public @Nullable Look lastLook(String name, int run) {
        return reads.sql(
                "SELECT at_us, json FROM experiment_look WHERE name = ? AND run = ? ORDER BY at_us DESC LIMIT 1")
                .params(name, run)
                .query((row, number) -> new Look(Rows.instant(row, "at_us"), row.getString("json")))
                .optional()
                .orElse(null);
    }
}
