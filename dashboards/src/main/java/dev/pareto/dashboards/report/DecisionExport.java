package dev.pareto.dashboards.report;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.StoredFeedback;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decisions with what came of them: {@code {"decision": …, "outcome": {"served", "cost", "currency", "latency_ms", "first_token_ms",
 * "prompt_tokens", "output_tokens", "failed", "simulated", "score"}}}. Requests that a cache answered or that are under way are left out.
 * Reads page by page; blocks.
 */
public final class DecisionExport {

    private static final int PAGE = 500;
    private static final JsonMapper JSON = JsonMapper.shared();

    /** The first attempt of a request tells when it began; copies and gradings are no requests of callers. */
    private static final String FIRST = "attempt_no = 1 AND role NOT IN ('SHADOW', 'JUDGE', 'CACHE_HIT')";

    private static final String NEWEST = "SELECT request_id, started_us FROM attempt WHERE " + FIRST
            + " AND started_us < :to AND started_us >= :from ORDER BY started_us DESC, request_id DESC LIMIT :most";

    /** By the index of requests: those of a quiet route may lie beneath millions of others'. */
    private static final String NEWEST_OF_ROUTE = """
                                                  SELECT a.request_id, a.started_us FROM request r
                                                  JOIN (SELECT request_id, started_us FROM attempt WHERE %s) a ON a.request_id = r.request_id
                                                  WHERE r.route = :route AND r.received_us < :to AND r.received_us >= :from
                                                  ORDER BY r.received_us DESC, r.request_id DESC LIMIT :most"""
            .formatted(FIRST);

    private final JdbcClient reads;

    public DecisionExport(JdbcClient reads) {
        this.reads = reads;
    }

    /**
     * A request that has ended.
     *
     * @param failed whether no attempt could answer it, through no fault of the caller's
     * @param millis from the first attempt's start to the last one's end
     * @param cost of all that was asked for it, doubted answers included; null while one is unpriced
     */
    public record Line(String requestId, Instant decidedAt, ObjectNode tree, boolean failed, long millis,
            @Nullable BigDecimal cost) {

        /** As a line of JSON. */
        public String json() {
            return tree.toString();
        }
    }

    private record Key(String requestId, long startedMicros) {}

    private record Decided(Instant at, String json) {}

    private record Tried(AttemptRole role, AttemptState state, int number, long started, @Nullable Long firstByte,
            @Nullable Long ended, String model, @Nullable String currency, @Nullable Long cost, boolean simulated,
            long promptTokens, long outputTokens) {}

    /**
     * Every ended request that began in a period, oldest first.
     *
     * @param to exclusive
     */
    public void forEach(Instant from, Instant to, Consumer<Line> each) {
        long after = Micros.of(from);
        String last = "";
        while (true) {
            List<Key> page = reads
                    .sql("SELECT request_id, started_us FROM attempt WHERE " + FIRST
                            + """
                               AND started_us < :to AND started_us >= :after AND (started_us > :after OR request_id > :last)
                              ORDER BY started_us, request_id LIMIT :page""")
                    .param("to", Micros.of(to))
                    .param("after", after)
                    .param("last", last)
                    .param("page", PAGE)
                    .query(DecisionExport::key)
                    .list();
            lines(page).forEach(each);
            if (page.size() < PAGE) {
                return;
            }
            after = page.getLast().startedMicros();
            last = page.getLast().requestId();
        }
    }

    /**
     * The newest ended requests that began in a period, oldest first.
     *
     * @param to exclusive
     * @param route null for all
     */
    public List<Line> newest(Instant from, Instant to, @Nullable String route, int most) {
        JdbcClient.StatementSpec asked = reads.sql(route == null ? NEWEST : NEWEST_OF_ROUTE)
                .param("to", Micros.of(to))
                .param("from", Micros.of(from))
                .param("most", most);
        List<Key> keys = (route == null ? asked : asked.param("route", route)).query(DecisionExport::key).list();
        List<Key> oldestFirst = keys.reversed();
        List<Line> lines = new ArrayList<>(keys.size());
        for (int i = 0; i < oldestFirst.size(); i += PAGE) {
            lines.addAll(lines(oldestFirst.subList(i, Math.min(oldestFirst.size(), i + PAGE))));
        }
        return lines;
    }

    private static Key key(ResultSet row, int number) throws SQLException {
        return new Key(row.getString("request_id"), row.getLong("started_us"));
    }

    private List<Line> lines(List<Key> page) {
        if (page.isEmpty()) {
            return List.of();
        }
        List<String> ids = page.stream().map(Key::requestId).toList();
        Map<String, Decided> decisions = new HashMap<>();
        reads.sql("SELECT request_id, decided_us, json FROM decision WHERE request_id IN (:ids)")
                .param("ids", ids)
                .query(row -> {
                    decisions.put(row.getString("request_id"),
                            new Decided(Micros.toInstant(row.getLong("decided_us")), row.getString("json")));
                });
        Map<String, List<Tried>> attempts = new HashMap<>();
        reads.sql(
                """
                SELECT request_id, role, state, attempt_no, started_us, first_byte_us, ended_us, model, currency, cost_pico,
                  simulated, input_tokens, cache_read_tokens, output_tokens
                FROM attempt WHERE request_id IN (:ids) ORDER BY attempt_no""")
                .param("ids", ids)
                .query(row -> {
                    attempts.computeIfAbsent(row.getString("request_id"), id -> new ArrayList<>()).add(tried(row));
                });
        Map<String, Double> scores = new HashMap<>();
        reads.sql("SELECT request_id, value FROM feedback WHERE name = :score AND request_id IN (:ids)")
                .param("score", StoredFeedback.SCORE)
                .param("ids", ids)
                .query(row -> {
                    scores.put(row.getString("request_id"), row.getDouble("value"));
                });
        List<Line> lines = new ArrayList<>(ids.size());
        for (String id : ids) {
            Decided decided = decisions.get(id);
            Line line = decided == null
                    ? null
                    : line(id, decided, attempts.getOrDefault(id, List.of()), scores.get(id));
            if (line != null) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static Tried tried(ResultSet row) throws SQLException {
        return new Tried(AttemptRole.valueOf(row.getString("role")), AttemptState.valueOf(row.getString("state")),
                row.getInt("attempt_no"), row.getLong("started_us"), longOrNull(row, "first_byte_us"),
                longOrNull(row, "ended_us"), row.getString("model"), row.getString("currency"),
                longOrNull(row, "cost_pico"), row.getInt("simulated") == 1,
                row.getLong("input_tokens"), row.getLong("output_tokens"));
    }

    private static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    private static boolean forTheCaller(AttemptRole role) {
        return switch (role) {
            case PRIMARY, RETRY, FALLBACK, CASCADE, CASCADE_REJECTED, SECOND_OPINION, ESCALATION, CLASSIFIER -> true;
            case CACHE_HIT, SHADOW, JUDGE -> false;
        };
    }

    /** Null for a request that is under way, or whose decision cannot be read. */
    private static @Nullable Line line(String id, Decided decided, List<Tried> all, @Nullable Double score) {
        List<Tried> tried = all.stream().filter(one -> forTheCaller(one.role())).toList();
        if (tried.isEmpty() || tried.stream().anyMatch(one -> one.ended() == null)) {
            return null;
        }
        Tried answered = null;
        long started = Long.MAX_VALUE;
        long ended = 0;
        BigDecimal cost = BigDecimal.ZERO;
        for (Tried one : tried) {
            started = Math.min(started, one.started());
            ended = Math.max(ended, one.ended() == null ? 0 : one.ended());
            cost = cost == null || one.cost() == null ? null : cost.add(Picos.toAmount(one.cost()));
            if (one.role().answersCaller()
                    && (one.state() == AttemptState.SETTLED || one.state() == AttemptState.ABORTED)) {
                answered = one;
            }
        }
        ObjectNode tree = JSON.createObjectNode();
        try {
            JsonNode decision = JSON.readTree(decided.json());
            tree.set("decision", decision);
        } catch (JacksonException unreadable) {
            return null;
        }
        long millis = (ended - started) / 1000;
        ObjectNode outcome = tree.putObject("outcome");
        outcome.put("served", answered == null ? null : answered.model());
        outcome.put("cost", cost == null ? null : cost.stripTrailingZeros().toPlainString());
        outcome.put("currency", tried.getLast().currency());
        outcome.put("latency_ms", millis);
        if (answered != null) {
            outcome.put("prompt_tokens", answered.promptTokens());
            outcome.put("output_tokens", answered.outputTokens());
            outcome.put("first_token_ms",
                    answered.firstByte() == null ? null : (Long) ((answered.firstByte() - answered.started()) / 1000));
        }
        outcome.put("failed", answered == null);
        outcome.put("simulated", tried.stream().anyMatch(Tried::simulated));
        outcome.put("score", score);
        return new Line(id, decided.at(), tree, answered == null, millis, cost);
    }
}
