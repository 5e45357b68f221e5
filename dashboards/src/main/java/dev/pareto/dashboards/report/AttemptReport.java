package dev.pareto.dashboards.report;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.policies.price.UsageSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Single attempts and decisions, newest first. Blocks. */
public final class AttemptReport {

    private static final int MAX_ROWS = 200;

    private final JdbcClient reads;

    public AttemptReport(JdbcClient reads) {
        this.reads = reads;
    }

    /**
     * Attempts, newest first.
     *
     * @param before the id of the last attempt of the page before; null for the first page
     */
    public List<AttemptRow> page(@Nullable String before, int limit) {
        String where = before == null ? "" : " WHERE attempt_id < :before";
        JdbcClient.StatementSpec query = reads.sql(
                "SELECT * FROM attempt" + where + " ORDER BY attempt_id DESC LIMIT :limit")
                .param("limit", bound(limit));
        return (before == null ? query : query.param("before", before)).query(AttemptReport::read).list();
    }

    /** The attempts of a request in order, each with its charge lines; empty when there is no such request. */
    public List<AttemptRow> ofRequest(String requestId) {
        return reads.sql("SELECT * FROM attempt WHERE request_id = ? ORDER BY attempt_no, attempt_id")
                .param(requestId)
                .query(AttemptReport::read)
                .list()
                .stream()
                .map(row -> row.with(lines(row.attemptId())))
                .toList();
    }

    /** The decision as the policy engine wrote it. */
    public Optional<JsonNode> decision(String requestId) {
        return reads.sql("SELECT json FROM decision WHERE request_id = ?")
                .param(requestId)
                .query(String.class)
                .optional()
                .map(AttemptReport::parse);
    }

    /** The last requests with what was decided for them. */
    public List<DecisionRow> latestDecisions(int limit) {
        Map<String, JsonNode> decisions = new LinkedHashMap<>();
        Map<String, List<AttemptRow>> attempts = new LinkedHashMap<>();
        reads.sql(
                """
                SELECT a.*, d.json AS decision_json FROM attempt a
                LEFT JOIN decision d ON d.request_id = a.request_id
                WHERE a.request_id IN (
                  SELECT request_id FROM attempt WHERE attempt_no = 1 ORDER BY started_us DESC, attempt_id DESC LIMIT ?)
                ORDER BY a.attempt_id""").param(bound(limit)).query(row -> {
                    AttemptRow attempt = read(row, 0);
                    attempts.computeIfAbsent(attempt.requestId(), ignored -> new ArrayList<>()).add(attempt);
                    String json = row.getString("decision_json");
                    if (json != null) {
                        decisions.computeIfAbsent(attempt.requestId(), ignored -> parse(json));
                    }
                });
        return attempts.values()
                .stream()
                .map(rows -> decided(rows, decisions.get(rows.getFirst().requestId())))
                .sorted(Comparator.comparing(DecisionRow::at).thenComparing(DecisionRow::requestId).reversed())
                .toList();
    }

    /** Attempts under way. */
    public long open() {
        return reads.sql("SELECT COUNT(*) FROM attempt WHERE state = 'OPEN'").query(Long.class).single();
    }

    /** When the ledger was last written; null while it is empty. */
    public @Nullable Instant lastWrite() {
        return reads.sql("SELECT COALESCE(ended_us, started_us) FROM attempt ORDER BY attempt_id DESC LIMIT 1")
                .query(Long.class)
                .optional()
                .map(Micros::toInstant)
                .orElse(null);
    }

    private List<AttemptRow.Line> lines(String attemptId) {
        return reads.sql("SELECT * FROM charge_line WHERE attempt_id = ? ORDER BY line_no")
                .param(attemptId)
                .query((row, number) -> new AttemptRow.Line(row.getString("bucket"), row.getString("quantity"),
                        row.getString("unit_price"), row.getString("per"), amount(row, "cost_pico")))
                .list();
    }

    private static DecisionRow decided(List<AttemptRow> attempts, @Nullable JsonNode decision) {
        AttemptRow first = attempts.getFirst();
        List<AttemptRow> facing = attempts.stream().filter(row -> row.role().answersCaller()).toList();
        AttemptRow last = facing.isEmpty() ? attempts.getLast() : facing.getLast();
        return new DecisionRow(first.requestId(), first.startedAt(), first.route(), first.requestedModel(),
                last.model(),
                text(decision, "policy"), text(decision, "reason"), sum(attempts), saved(attempts),
                last.endedAt() == null ? null : Duration.between(first.startedAt(), last.endedAt()).toMillis(),
                last.state(), attempts.size(), attempts.stream().anyMatch(AttemptRow::simulated),
                attempts.stream().anyMatch(AttemptRow::estimated), last.errorCode());
    }

    private static @Nullable Amount sum(List<AttemptRow> attempts) {
        boolean known = attempts.stream().allMatch(row -> row.cost() != null)
                && attempts.stream().map(AttemptRow::currency).distinct().count() == 1;
        return known
                ? attempts.stream().map(row -> Objects.requireNonNull(row.cost())).reduce(Amount.ZERO, Amount::plus)
                : null;
    }

    private static @Nullable Amount saved(List<AttemptRow> attempts) {
        Amount sum = null;
        for (AttemptRow row : attempts) {
            if (row.baseline() != null && row.cost() != null) {
                Amount saved = row.baseline().minus(row.cost());
                sum = sum == null ? saved : sum.plus(saved);
            }
        }
        return sum;
    }

    private static AttemptRow read(ResultSet row, int number) throws SQLException {
        Instant startedAt = Micros.toInstant(row.getLong("started_us"));
        Long ended = longOrNull(row, "ended_us");
        Long firstByte = longOrNull(row, "first_byte_us");
        String source = row.getString("usage_source");
        Long status = longOrNull(row, "http_status");
        return new AttemptRow(row.getString("attempt_id"), row.getString("request_id"), row.getInt("attempt_no"),
                AttemptRole.valueOf(row.getString("role")), AttemptState.valueOf(row.getString("state")), startedAt,
                ended == null ? null : Micros.toInstant(ended), millisSince(startedAt, ended),
                millisSince(startedAt, firstByte), row.getString("tenant"), row.getString("route"),
                row.getString("requested_model"), row.getString("model"), row.getString("served_model"),
                row.getString("vendor"), row.getInt("simulated") == 1, row.getString("currency"),
                amount(row, "reserved_pico"), amount(row, "cost_pico"), amount(row, "baseline_pico"),
                row.getString("price_version"), source == null ? null : UsageSource.valueOf(source).id(),
                row.getInt("estimated") == 1, row.getLong("input_tokens"), row.getLong("cache_read_tokens"),
                row.getLong("output_tokens"), status == null ? null : Math.toIntExact(status),
                row.getString("finish_reason"), row.getString("error_code"), List.of());
    }

    private static @Nullable Long millisSince(Instant start, @Nullable Long micros) {
        return micros == null ? null : Math.max(0, Duration.between(start, Micros.toInstant(micros)).toMillis());
    }

    private static @Nullable Amount amount(ResultSet row, String column) throws SQLException {
        Long picos = longOrNull(row, column);
        return picos == null ? null : Amount.ofPicos(picos);
    }

    private static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    private static JsonNode parse(String json) {
        try {
            return JsonMapper.shared().readTree(json);
        } catch (JacksonException e) {
            return JsonMapper.shared().createObjectNode().put("unreadable", true);
        }
    }

    private static @Nullable String text(@Nullable JsonNode node, String field) {
        return node == null ? null : node.path(field).asStringOpt().orElse(null);
    }

    private static int bound(int limit) {
        return Math.clamp(limit, 1, MAX_ROWS);
    }
}
