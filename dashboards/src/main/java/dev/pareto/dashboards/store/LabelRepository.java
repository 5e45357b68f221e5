package dev.pareto.dashboards.store;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.accuracy.EncodedPrompt;
import dev.pareto.policies.predict.live.AnsweredItem;
import dev.pareto.policies.predict.live.Label;
import dev.pareto.policies.predict.live.LabelSource;
import dev.pareto.policies.predict.live.LabelledItem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Features of prompts and the labels that came of them, bounded in number and age. Blocks. */
public final class LabelRepository {

    private final JdbcClient reads;
    private final JdbcClient writes;
    private final TransactionTemplate transaction;

    /**
     * A prompt that a label may still come for.
     *
     * @param item the request's id, or the name of a suite's case
     */
    public record Remembered(String route, String item, Instant at, EncodedPrompt prompt) {}

    public LabelRepository(Store store) {
        this.reads = JdbcClient.create(store.reads());
        this.writes = JdbcClient.create(store.writes());
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(store.writes()));
    }

    /** Keeps features; the first of an item stay. */
    public void remember(List<Remembered> prompts) {
        transaction.executeWithoutResult(status -> prompts.forEach(this::remember));
    }

    private void remember(Remembered one) {
        writes.sql("""
                   INSERT INTO prompt_features (route, item, at_us, version, segment, features)
                   VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""")
                .param(one.route())
                .param(one.item())
                .param(Micros.of(one.at()))
                .param(EncodedPrompt.VERSION)
                .param(one.prompt().segment())
                .param(one.prompt().bytes())
                .update();
    }

    /** Keeps those whose prompt is remembered; the newest word of a source counts. Returns how many were new or changed. */
    public int label(List<Label> labels) {
        Integer kept = transaction.execute(status -> labels.stream().mapToInt(this::label).sum());
        return kept == null ? 0 : kept;
    }

    private int label(Label one) {
        int known = writes.sql("UPDATE prompt_features SET labelled = 1 WHERE route = ? AND item = ?")
                .param(one.route())
                .param(one.item())
                .update();
        return known == 0
                ? 0
                : writes.sql("""
                             INSERT INTO label (route, item, model, source, success, weight, at_us)
                             VALUES (?, ?, ?, ?, ?, ?, ?)
                             ON CONFLICT (route, item, model, source) DO UPDATE SET success = excluded.success,
                               weight = excluded.weight, at_us = excluded.at_us
                             WHERE label.success <> excluded.success OR label.weight <> excluded.weight""")
                        .param(one.route())
                        .param(one.item())
                        .param(one.model().toString())
                        .param(one.source().name())
                        .param(one.success())
                        .param(one.weight())
                        .param(Micros.of(one.at()))
                        .update();
    }

    private record Row(String item, EncodedPrompt prompt, Label label) {}

    /** The newest labelled prompts of a route whose features are of today's version, oldest first. */
    public List<LabelledItem> labelled(String route, int limit) {
        List<Row> rows = reads.sql("""
                                   SELECT p.segment, p.features, l.* FROM (SELECT * FROM prompt_features
                                     WHERE route = ? AND labelled = 1 AND version = ? ORDER BY at_us DESC LIMIT ?) p
                                   JOIN label l ON l.route = p.route AND l.item = p.item
                                   ORDER BY p.at_us, l.item, l.model, l.source""")
                .param(route)
                .param(EncodedPrompt.VERSION)
                .param(limit)
                .query((row, number) -> new Row(row.getString("item"), prompt(row), label(row)))
                .list();
        Map<String, List<Row>> items = new LinkedHashMap<>();
        rows.forEach(row -> items.computeIfAbsent(row.item(), item -> new ArrayList<>()).add(row));
        return items.entrySet()
                .stream()
                .map(entry -> new LabelledItem(entry.getKey(), entry.getValue().getFirst().prompt(),
                        entry.getValue().stream().map(Row::label).toList()))
                .toList();
    }

    /** How long the newest answers to remembered requests of a route were, by the vendors' own figures. */
    public List<AnsweredItem> answered(String route, int limit) {
        return reads.sql("""
                         SELECT p.segment, p.features, a.model, a.output_tokens FROM (SELECT * FROM prompt_features
                           WHERE route = :route AND version = :version ORDER BY at_us DESC LIMIT :limit) p
                         JOIN attempt a ON a.request_id = p.item
                         WHERE a.state = 'SETTLED' AND a.usage_source = 'VENDOR' AND a.output_tokens > 0
                           AND a.role IN ('PRIMARY', 'RETRY', 'FALLBACK', 'CASCADE', 'ESCALATION', 'SHADOW')
                         LIMIT :limit""")
                .param("route", route)
                .param("version", EncodedPrompt.VERSION)
                .param("limit", limit)
                .query((row, number) -> new AnsweredItem(prompt(row), ModelId.parse(row.getString("model")),
                        (int) Math.min(Integer.MAX_VALUE, row.getLong("output_tokens"))))
                .list();
    }

    /** How many labels there are, by route and source. */
    public Map<String, Map<LabelSource, Integer>> counts() {
        Map<String, Map<LabelSource, Integer>> counts = new TreeMap<>();
        reads.sql("SELECT route, source, count(*) AS n FROM label GROUP BY route, source").query(row -> {
            counts.computeIfAbsent(row.getString("route"), route -> new EnumMap<>(LabelSource.class))
                    .put(LabelSource.valueOf(row.getString("source")), row.getInt("n"));
        });
        return counts;
    }

    /** How many of a route's labels came after a moment. */
    public int since(String route, Instant moment) {
        return reads.sql("SELECT count(*) FROM label WHERE route = ? AND at_us > ?")
                .param(route)
                .param(Micros.of(moment))
                .query(Integer.class)
                .single();
    }

    /** How many of a route's prompts were remembered after a moment. */
    public int rememberedSince(String route, Instant moment) {
        return reads.sql("SELECT count(*) FROM prompt_features WHERE route = ? AND at_us > ?")
                .param(route)
                .param(Micros.of(moment))
                .query(Integer.class)
                .single();
    }

    /** Routes with remembered prompts. */
    public List<String> routes() {
        return reads.sql("SELECT DISTINCT route FROM prompt_features ORDER BY route")
                .query((row, number) -> row.getString("route"))
                .list();
    }

    /**
     * How much is kept.
     *
     * @param unlabelledSince prompts without a label that are older go
     * @param unlabelled the most of them, of each route
     * @param labelledSince labelled prompts that are older go, with their labels
     * @param labelled the most of them, of each route
     */
    public record Bounds(Instant unlabelledSince, int unlabelled, Instant labelledSince, int labelled) {}

    /** Deletes what is too old or too much. Returns how many prompts went. */
    public int sweep(Bounds bounds) {
        int gone = 0;
        for (String route : routes()) {
            gone += sweep(route, 0, bounds.unlabelledSince(), bounds.unlabelled());
            gone += sweep(route, 1, bounds.labelledSince(), bounds.labelled());
        }
        writes.sql("""
                   DELETE FROM label WHERE NOT EXISTS (SELECT 1 FROM prompt_features p
                     WHERE p.route = label.route AND p.item = label.item)""").update();
        return gone;
    }

    private int sweep(String route, int labelled, Instant since, int most) {
        return writes
                .sql("""
                     DELETE FROM prompt_features WHERE route = :route AND labelled = :labelled AND (at_us < :since OR at_us <
                       (SELECT at_us FROM prompt_features WHERE route = :route AND labelled = :labelled
                        ORDER BY at_us DESC LIMIT 1 OFFSET :most))""")
                .param("route", route)
                .param("labelled", labelled)
                .param("since", Micros.of(since))
                .param("most", Math.max(0, most - 1))
                .update();
    }

    private static EncodedPrompt prompt(ResultSet row) throws SQLException {
        return EncodedPrompt.read(row.getBytes("features"), row.getString("segment"));
    }

    private static Label label(ResultSet row) throws SQLException {
        return new Label(row.getString("route"), row.getString("item"), ModelId.parse(row.getString("model")),
                row.getDouble("success"), LabelSource.valueOf(row.getString("source")), row.getDouble("weight"),
                Rows.instant(row, "at_us"));
    }
}
