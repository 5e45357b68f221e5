package dev.pareto.dashboards.inspect;

import dev.pareto.dashboards.ask.Filter;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.finance.Frame;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads how far the books can be relied on: from sums, and from the index of doubtful rows. Blocks. */
final class QualityReader {

    private static final String DOUBTFUL = Slice.DOUBTFUL + " AND started_us >= :from AND started_us < :to";
    private static final int SAMPLE = 1_000;
    private static final int LATEST = 25;

    private final Reads reads;

    QualityReader(Reads reads) {
        this.reads = reads;
    }

    Quality read(Question question, Frame frame, Instant now) {
        List<Quality.Model> models = models(question, frame.currency());
        List<Quality.Doubt> doubts = doubts(question);
        return new Quality(frame, counts(models, doubts, frame),
                models.stream().filter(QualityReader::doubtful).toList(),
                doubts, normalisers(question), open(now), days(question), latest(question));
    }

    private static boolean doubtful(Quality.Model model) {
        return model.estimated() + model.unpriced() + model.expired() > 0;
    }

    private static Quality.Counts counts(List<Quality.Model> models, List<Quality.Doubt> doubts, Frame frame) {
        Amount estimated = models.stream().map(Quality.Model::estimatedCost).reduce(Amount.ZERO, Amount::plus);
        return new Quality.Counts(models.stream().mapToLong(Quality.Model::calls).sum(),
                models.stream().mapToLong(Quality.Model::estimated).sum(), estimated, frame.trust().estimatedShare(),
                models.stream().mapToLong(Quality.Model::unpriced).sum(),
                models.stream().mapToLong(Quality.Model::expired).sum(), of(doubts, "inconsistent"),
                of(doubts, "estimated"), of(doubts, "skewed"));
    }

    private static long of(List<Quality.Doubt> doubts, String why) {
        return doubts.stream().filter(doubt -> doubt.why().equals(why)).mapToLong(Quality.Doubt::calls).sum();
    }

    private List<Quality.Model> models(Question question, String book) {
        Slice slice = Slice.hours(question, question.span());
        Map<List<String>, Long> unpriced = unpricedTokens(question);
        Map<List<String>, Quality.Model> found = new LinkedHashMap<>();
        slice.query(reads, from -> "SELECT model, vendor, SUM(attempts) AS calls, SUM(estimated) AS estimated, "
                + reads.sumWhere("currency = :book", "estimated_pico", "money")
                + ", SUM(unpriced) AS unpriced, SUM(expired) AS expired FROM " + from + " GROUP BY model, vendor")
                .param("book", book)
                .each(row -> {
                    List<String> key = List.of(row.getString("model"), row.getString("vendor"));
                    found.merge(key, model(row, unpriced.getOrDefault(key, 0L)), QualityReader::together);
                });
        return found.values()
                .stream()
                .sorted(Comparator.comparingLong(Quality.Model::unpriced)
                        .thenComparing(model -> model.estimatedCost().value())
                        .reversed()
                        .thenComparing(Quality.Model::model))
                .toList();
    }

    private static Quality.Model together(Quality.Model one, Quality.Model other) {
        return new Quality.Model(one.model(), one.vendor(), one.calls() + other.calls(),
                one.estimated() + other.estimated(), one.estimatedCost().plus(other.estimatedCost()),
                one.unpriced() + other.unpriced(), one.unpricedTokens(),
                one.expired() + other.expired());
    }

    /** From the rows themselves: a sum does not tell the tokens of calls with a price from those of calls without. */
    private Map<List<String>, Long> unpricedTokens(Question question) {
        Map<List<String>, Long> tokens = new HashMap<>();
        Slice.doubtful(question, question.span())
                .query(reads, from -> "SELECT model, vendor, SUM(input_tokens + output_tokens) AS tokens FROM " + from
                        + " AND cost_pico IS NULL GROUP BY model, vendor")
                .each(row -> tokens.merge(List.of(row.getString("model"), row.getString("vendor")),
                        row.getLong("tokens"), Long::sum));
        return tokens;
    }

    private static Quality.Model model(Row row, long unpricedTokens) {
        return new Quality.Model(row.getString("model"), row.getString("vendor"), row.getLong("calls"),
                row.getLong("estimated"),
                new Amount(Picos.sum(row, "money")),
                row.getLong("unpriced"), unpricedTokens, row.getLong("expired"));
    }

    private List<Quality.Doubt> doubts(Question question) {
        Map<List<String>, Quality.Doubt> found = new HashMap<>();
        Slice.doubtful(question, question.span())
                .query(reads,
                        from -> "SELECT vendor, CASE WHEN ended_us < started_us THEN 'skewed' WHEN inconsistent = 1 THEN"
                                + " 'inconsistent' WHEN cost_pico IS NULL THEN 'unpriced' ELSE LOWER(usage_source) END AS why,"
                                + " COUNT(*) AS calls FROM " + from + " GROUP BY vendor, why")
                .each(row -> {
                    var doubt = new Quality.Doubt(row.getString("vendor"), row.getString("why"), row.getLong("calls"));
                    found.merge(List.of(doubt.vendor(), doubt.why()), doubt,
                            (one, other) -> new Quality.Doubt(one.vendor(), one.why(), one.calls() + other.calls()));
                });
        return found.values()
                .stream()
                .sorted(Comparator.comparingLong(Quality.Doubt::calls)
                        .reversed()
                        .thenComparing(Quality.Doubt::vendor)
                        .thenComparing(Quality.Doubt::why))
                .toList();
    }

    private List<CallRow> latest(Question question) {
        // times from the index alone: PostgreSQL thinks a third of all rows doubtful, and would read the newest rows until it has enough
        String newest = question.filters().isEmpty()
                ? " AND started_us IN (SELECT started_us FROM attempt WHERE " + DOUBTFUL
                        + " ORDER BY started_us DESC LIMIT " + LATEST + ")"
                : "";
        return bounded("SELECT " + CallRow.COLUMNS + " FROM attempt WHERE " + DOUBTFUL + newest + only(question)
                + " ORDER BY started_us DESC LIMIT " + LATEST, question).query(CallRow::read).list();
    }

    private List<Quality.Normaliser> normalisers(Question question) {
        return bounded(
                "SELECT normaliser, COUNT(*) AS calls FROM (SELECT normaliser FROM attempt WHERE started_us >= :from"
                        + " AND started_us < :to AND state <> 'OPEN'" + only(question)
                        + " ORDER BY started_us DESC LIMIT " + SAMPLE
                        + ") AS newest GROUP BY normaliser ORDER BY calls DESC",
                question).query((row, number) -> {
                    Long version = CallRow.longOrNull(row, "normaliser");
                    return new Quality.Normaliser(version == null ? null : (Integer) version.intValue(),
                            row.getLong(2));
                }).list();
    }

    private Quality.Open open(Instant now) {
        return reads.sql("SELECT COUNT(*) AS open, COALESCE(SUM(CASE WHEN deadline_us < :now THEN 1 ELSE 0 END), 0)"
                + " AS overdue, MIN(started_us) AS oldest FROM attempt WHERE state = 'OPEN'")
                .param("now", Micros.of(now))
                .query((row, number) -> {
                    Long oldest = CallRow.longOrNull(row, "oldest");
                    return new Quality.Open(row.getLong("open"), row.getLong("overdue"),
                            oldest == null ? null : Micros.toInstant(oldest));
                })
                .single();
    }

    private List<Quality.Day> days(Question question) {
        return reads.sql("SELECT day, replica, entries, head FROM ledger_day WHERE day >= :from AND day <= :to"
                + " ORDER BY day DESC, replica LIMIT 200")
                .param("from", LocalDate.ofInstant(question.span().from(), ZoneOffset.UTC).toString())
                .param("to", LocalDate.ofInstant(question.span().to(), ZoneOffset.UTC).toString())
                .query((row, number) -> new Quality.Day(row.getString(1), row.getString(2), row.getLong(3),
                        HexFormat.of().formatHex(row.getBytes(4))))
                .list();
    }

    private JdbcClient.StatementSpec bounded(String sql, Question question) {
        JdbcClient.StatementSpec query = reads.sql(sql)
                .param("from", Micros.of(question.span().from()))
                .param("to", Micros.of(question.span().to()));
        for (Filter filter : question.filters()) {
            query = query.param("only_" + filter.dimension().column(), filter.values());
        }
        return query;
    }

    /** The question's filters; those by tag are refused before. */
    private static String only(Question question) {
        StringBuilder sql = new StringBuilder();
        for (Filter filter : question.filters()) {
            String column = filter.dimension().column();
            sql.append(" AND ").append(column).append(" IN (:only_").append(column).append(')');
        }
        return sql.append(switch (question.simulated()) {
            case WITH -> "";
            case WITHOUT -> " AND simulated = 0";
            case ONLY -> " AND simulated = 1";
        }).toString();
    }
}
