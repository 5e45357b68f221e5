package dev.pareto.dashboards.outlook;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.RoleSql;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Divides what was saved against the baselines by where it comes from. A vendor is a machine of the house where it was charged by the
 * second or at a price of nothing a token. Blocks.
 */
final class SavingParts {

    private static final String ANSWERS = "role IN " + RoleSql.FACING;

    private final Reads reads;
    private final String book;

    SavingParts(Reads reads, String book) {
        this.reads = reads;
        this.book = book;
    }

    /** They add up to the baseline less what was billed for the same calls; a part without a call is left out. */
    List<Savings.Part> read(Question question) {
        Set<String> own = own(question);
        Map<Savings.Source, Savings.Part> parts = new EnumMap<>(Savings.Source.class);
        Slice slice = Slice.of(question.by(Dimension.VENDOR), question.span());
        slice.query(reads, from -> "SELECT vendor, CASE WHEN role = 'CACHE_HIT' THEN 1 ELSE 0 END AS again,"
                + " SUM(attempts) AS calls, "
                + reads.sumWhere("currency = :book AND " + ANSWERS, "baseline_pico - compared_pico", "saved") + " FROM "
                + from + " AND (baseline_pico <> 0 OR compared_pico <> 0)"
                + " GROUP BY vendor, CASE WHEN role = 'CACHE_HIT' THEN 1 ELSE 0 END")
                .param("book", book)
                .each(row -> {
                    Savings.Source source = row.getInt("again") == 1
                            ? Savings.Source.GATEWAY_CACHE
                            : own.contains(row.getString("vendor"))
                                    ? Savings.Source.OWN_MACHINES
                                    : Savings.Source.OTHER_MODELS;
                    parts.merge(source,
                            new Savings.Part(source, row.getLong("calls"),
                                    new Amount(Picos.sum(row, "saved"))),
                            SavingParts::together);
                });
        return List.copyOf(parts.values());
    }

    private static Savings.Part together(Savings.Part one, Savings.Part other) {
        return new Savings.Part(one.source(), one.calls() + other.calls(), one.saved().plus(other.saved()));
    }

    private Set<String> own(Question question) {
        Question everything = new Question(question.period(), question.from(), question.to(), question.zone(),
                question.span(), question.compare(), question.before(), List.of(), question.simulated(), List.of());
        Slice slice = Slice.lines(everything, question.span());
        return slice.query(reads, from -> "SELECT DISTINCT vendor FROM " + from
                + " AND (bucket = 'gpu_second' OR price_version LIKE '%:zero-rated')")
                .list(row -> row.getString("vendor"))
                .stream()
                .collect(Collectors.toUnmodifiableSet());
    }
}
