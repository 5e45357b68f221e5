package dev.pareto.dashboards.report;

import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.StoredFeedback;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Decisions with what came of them, as lines of JSON: {@code {"decision": …, "outcome": {"served", "cost", "currency", "latency_ms",
 * "first_token_ms", "prompt_tokens", "output_tokens", "failed", "simulated", "score"}}}. Reads page by page; blocks.
 */
public final class DecisionExport {

    private static final int PAGE = 500;
    private static final String FACING = "('PRIMARY', 'RETRY', 'FALLBACK', 'CASCADE', 'ESCALATION')";

    private final JdbcClient reads;

    public DecisionExport(JdbcClient reads) {
        this.reads = reads;
    }

    /**
     * A request that has ended.
     *
     * @param failed whether no attempt could answer it, through no fault of the caller's
     * @param cost of all its attempts; null while one is unpriced
     */
    public record Line(String requestId, Instant decidedAt, String json, boolean failed, @Nullable Long millis,
            @Nullable BigDecimal cost) {}

    /**
     * Every ended request decided in a period, oldest first.
     *
     * @param to exclusive
     */
    public void forEach(Instant from, Instant to, Consumer<Line> each) {
        long after = Micros.of(from);
        String last = "";
        while (true) {
            List<Line> page = reads.sql(
                    """
                    SELECT d.request_id, d.decided_us, d.json,
                      MIN(a.started_us) AS started_us, MAX(a.ended_us) AS ended_us,
                      SUM(a.state = 'OPEN') AS open,
                      SUM(a.cost_pico IS NULL AND a.state <> 'OPEN') AS unpriced, SUM(a.cost_pico) AS cost_pico,
                      MAX(a.currency) AS currency, MAX(a.simulated) AS simulated,
                      (SELECT f.value FROM feedback f WHERE f.request_id = d.request_id AND f.name = :score) AS score,
                      (SELECT s.attempt_id FROM attempt s WHERE s.request_id = d.request_id AND s.role IN\s"""
                            + FACING
                            + """
                               AND s.state IN ('SETTLED', 'ABORTED') ORDER BY s.attempt_no DESC LIMIT 1) AS answered
                              FROM decision d JOIN attempt a ON a.request_id = d.request_id
                              WHERE a.role IN\s"""
                            + FACING
                            + """
                               AND d.decided_us < :to AND (d.decided_us > :after OR (d.decided_us = :after AND d.request_id > :last))
                              GROUP BY d.request_id, d.decided_us, d.json
                              ORDER BY d.decided_us, d.request_id LIMIT :page""")
                    .param("score", StoredFeedback.SCORE)
                    .param("to", Micros.of(to))
                    .param("after", after)
                    .param("last", last)
                    .param("page", PAGE)
                    .query(this::line)
                    .list();
            page.stream().filter(line -> !line.json().isEmpty()).forEach(each);
            if (page.size() < PAGE) {
                return;
            }
            after = Micros.of(page.getLast().decidedAt());
            last = page.getLast().requestId();
        }
    }

    private Line line(ResultSet row, int number) throws SQLException {
        String id = row.getString("request_id");
        Instant at = Micros.toInstant(row.getLong("decided_us"));
        if (row.getLong("open") > 0) {
            return new Line(id, at, "", false, null, null);
        }
        String answered = row.getString("answered");
        BigDecimal cost = row.getLong("unpriced") > 0 ? null : Picos.toAmount(row.getLong("cost_pico"));
        long millis = (row.getLong("ended_us") - row.getLong("started_us")) / 1000;
        Map<String, @Nullable Object> outcome = new LinkedHashMap<>();
        outcome.put("served", null);
        outcome.put("cost", cost == null ? null : cost.stripTrailingZeros().toPlainString());
        outcome.put("currency", row.getString("currency"));
        outcome.put("latency_ms", millis);
        if (answered != null) {
            answer(answered, outcome);
        }
        outcome.put("failed", answered == null);
        outcome.put("simulated", row.getBoolean("simulated"));
        double score = row.getDouble("score");
        outcome.put("score", row.wasNull() ? null : score);
        return new Line(id, at, json(row.getString("json"), outcome), answered == null, millis, cost);
    }

    private void answer(String attemptId, Map<String, @Nullable Object> outcome) {
        reads.sql("SELECT * FROM attempt WHERE attempt_id = ?").param(attemptId).query(row -> {
            outcome.put("served", row.getString("model"));
            outcome.put("prompt_tokens", row.getLong("input_tokens") + row.getLong("cache_read_tokens"));
            outcome.put("output_tokens", row.getLong("output_tokens"));
            long first = row.getLong("first_byte_us");
            outcome.put("first_token_ms", row.wasNull() ? null : (first - row.getLong("started_us")) / 1000);
        });
    }

    private static String json(String decision, Map<String, @Nullable Object> outcome) {
        try {
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("decision", JsonMapper.shared().readTree(decision));
            line.put("outcome", outcome);
            return JsonMapper.shared().writeValueAsString(line);
        } catch (JacksonException unreadable) {
            return "";
        }
    }
}
