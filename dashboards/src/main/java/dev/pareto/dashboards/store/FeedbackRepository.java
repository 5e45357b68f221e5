package dev.pareto.dashboards.store;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.swap.SwapKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What callers say of answers, append-only, beside the requests that it is about. Blocks. */
public final class FeedbackRepository {

    /** Among so many newest of all routes a swap's own are looked for. */
    private static final int LOOKED_AT = 20_000;
    private static final int MOST_SINCE = 2_000;

    private final JdbcClient reads;
    private final JdbcClient writes;
    private final TransactionTemplate transaction;

    public FeedbackRepository(Store store) {
        this.reads = JdbcClient.create(store.reads());
        this.writes = JdbcClient.create(store.writes());
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(store.writes()));
    }

    private record Attempt(String tenant, String route, String model, long startedUs, boolean facing, String state) {}

    /** The request of that id, whoever's it is; empty when the ledger has none. */
    public Optional<ServedRequest> served(String requestId) {
        List<Attempt> attempts = reads
                .sql("""
                     SELECT tenant, route, model, started_us, state,
                       role IN %s AS facing
                     FROM attempt WHERE request_id = ? ORDER BY attempt_no""".formatted(RoleSql.FACING))
                .param(requestId)
                .query((row, number) -> new Attempt(row.getString("tenant"), row.getString("route"),
                        row.getString("model"), row.getLong("started_us"),
                        row.getBoolean("facing"), row.getString("state")))
                .list();
        if (attempts.isEmpty()) {
            return Optional.empty();
        }
        Attempt first = attempts.getFirst();
        // the last that did not fail: one under way may be settled a moment after the caller has its last byte
        String model = attempts.stream()
                .filter(one -> one.facing() && !one.state().equals("FAILED") && !one.state().equals("EXPIRED"))
                .reduce((one, later) -> later)
                .map(Attempt::model)
                .orElse(null);
        String decision = reads.sql("SELECT json FROM decision WHERE request_id = ?")
                .param(requestId)
                .query(String.class)
                .optional()
                .orElse(null);
        return Optional.of(new ServedRequest(requestId, first.tenant(), first.route(),
                Micros.toInstant(first.startedUs()), model == null ? null : ModelId.parse(model), decision));
    }

    /**
     * What is on file of one number: the first value ever given under that name for that request.
     *
     * @param added whether it was not there before
     */
    public record Kept(StoredFeedback feedback, boolean added) {}

    /** Keeps what is new, in the same order; nothing at all where any of it contradicts what is on file. */
    public List<Kept> add(List<StoredFeedback> given) {
        List<Kept> kept = new ArrayList<>();
        transaction.executeWithoutResult(status -> {
            for (StoredFeedback one : given) {
                Kept now = add(one);
                kept.add(now);
                if (now.feedback().value() != one.value()) {
                    status.setRollbackOnly();
                }
            }
        });
        return kept;
    }

    private Kept add(StoredFeedback one) {
        int added = writes
                .sql("""
                     INSERT INTO feedback (at_us, request_id, name, value, tenant, route, model, answered_us,
                       comment) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (request_id, name) DO NOTHING""")
                .param(Micros.of(one.at()))
                .param(one.requestId())
                .param(one.name())
                .param(one.value())
                .param(one.tenant())
                .param(one.route())
                .param(one.model().toString())
                .param(Micros.of(one.answeredAt()))
                .param(one.comment())
                .update();
        StoredFeedback kept = writes.sql("SELECT * FROM feedback WHERE request_id = ? AND name = ?")
                .param(one.requestId())
                .param(one.name())
                .query((row, number) -> read(row, one.parts()))
                .single();
        if (added == 1) {
            one.parts().forEach(part -> add(kept.id(), part));
        }
        return new Kept(kept, added == 1);
    }

    private void add(long id, StoredFeedback.Part part) {
        writes.sql("INSERT INTO feedback_part (feedback_id, candidate, segment, arm, state) VALUES (?, ?, ?, ?, ?)")
                .param(id)
                .param(part.candidate().toString())
                .param(part.segment())
                .param(part.arm())
                .param(part.state())
                .update();
    }

    /** The scores of a swap that were kept after this one, oldest first. */
    public List<StoredFeedback> scoresAfter(SwapKey key, long id) {
        return reads.sql("""
                         SELECT f.*, p.candidate, p.segment, p.arm, p.state FROM feedback f
                         JOIN feedback_part p ON p.feedback_id = f.id
                         WHERE f.id > ? AND f.name = ? AND f.route = ? AND p.candidate = ? AND p.segment = ?
                         ORDER BY f.id""")
                .param(id)
                .param(StoredFeedback.SCORE)
                .param(key.route())
                .param(key.candidate().toString())
                .param(key.segment())
                .query((row, number) -> read(row, List.of(part(row))))
                .list();
    }

    /** The scores of a swap that came after that moment, up to this one, oldest first; of more than {@value #MOST_SINCE} the newest. */
    public List<StoredFeedback> scoresSince(SwapKey key, Instant since, long upTo) {
        List<StoredFeedback> newest = new ArrayList<>(reads
                .sql("""
                     SELECT f.*, p.candidate, p.segment, p.arm, p.state FROM feedback f
                     JOIN feedback_part p ON p.feedback_id = f.id
                     WHERE f.id <= ? AND f.at_us > ? AND f.name = ? AND f.route = ? AND p.candidate = ? AND p.segment = ?
                     ORDER BY f.id DESC LIMIT ?""")
                .param(upTo)
                .param(Micros.of(since))
                .param(StoredFeedback.SCORE)
                .param(key.route())
                .param(key.candidate().toString())
                .param(key.segment())
                .param(MOST_SINCE)
                .query((row, number) -> read(row, List.of(part(row))))
                .list());
        return newest.reversed();
    }

    /** Whether another tenant has asked this route since. */
    public boolean others(String route, String tenant, Instant since) {
        return reads.sql("SELECT 1 FROM attempt WHERE started_us > ? AND route = ? AND tenant <> ? LIMIT 1")
                .param(Micros.of(since))
                .param(route)
                .param(tenant)
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    /**
     * The newest, newest first.
     *
     * @param route of one route; null for all
     */
    public List<StoredFeedback> newest(@Nullable String route, int limit) {
        List<StoredFeedback> bare = reads
                .sql("SELECT * FROM feedback WHERE CAST(? AS TEXT) IS NULL OR route = ? ORDER BY id DESC LIMIT ?")
                .param(1, route)
                .param(2, route)
                .param(3, limit)
                .query((row, number) -> read(row, List.of()))
                .list();
        if (bare.isEmpty()) {
            return bare;
        }
        record Found(long id, StoredFeedback.Part part) {}
        Map<Long, List<StoredFeedback.Part>> parts = reads
                .sql("SELECT * FROM feedback_part WHERE feedback_id BETWEEN ? AND ?")
                .param(bare.getLast().id())
                .param(bare.getFirst().id())
                .query((row, number) -> new Found(row.getLong("feedback_id"), part(row)))
                .list()
                .stream()
                .collect(Collectors.groupingBy(Found::id, Collectors.mapping(Found::part, Collectors.toList())));
        return bare.stream()
                .map(one -> new StoredFeedback(one.id(), one.at(), one.requestId(), one.name(), one.value(),
                        one.tenant(), one.route(), one.model(), one.answeredAt(), one.comment(),
                        parts.getOrDefault(one.id(), List.of())))
                .toList();
    }

    /** The newest of one swap, newest first, each with its part in it. */
    public List<StoredFeedback> of(SwapKey key, int limit) {
        return reads.sql("""
                         SELECT f.*, p.candidate, p.segment, p.arm, p.state
                         FROM (SELECT * FROM feedback ORDER BY id DESC LIMIT ?) f
                         JOIN feedback_part p ON p.feedback_id = f.id
                         WHERE f.route = ? AND p.candidate = ? AND p.segment = ? ORDER BY f.id DESC LIMIT ?""")
                .param(LOOKED_AT)
                .param(key.route())
                .param(key.candidate().toString())
                .param(key.segment())
                .param(limit)
                .query((row, number) -> read(row, List.of(part(row))))
                .list();
    }

    private static StoredFeedback read(ResultSet row, List<StoredFeedback.Part> parts) throws SQLException {
        return new StoredFeedback(row.getLong("id"), Rows.instant(row, "at_us"), row.getString("request_id"),
                row.getString("name"), row.getDouble("value"), row.getString("tenant"), row.getString("route"),
                ModelId.parse(row.getString("model")), Rows.instant(row, "answered_us"), row.getString("comment"),
                parts);
    }

    private static StoredFeedback.Part part(ResultSet row) throws SQLException {
        return new StoredFeedback.Part(ModelId.parse(row.getString("candidate")), row.getString("segment"),
                row.getString("arm"), row.getString("state"));
    }
}
