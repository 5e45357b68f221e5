package dev.pareto.dashboards.finance;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.ask.Span;
import dev.pareto.dashboards.ask.Steps;
import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one useful answer costs: everything that was spent, overhead and failures included, over the requests that got a whole
 * answer; and what of it was waste.
 *
 * @param steps what each point of the series is called
 * @param rows by the dimension asked for, dearest first
 * @param waste by reason, dearest first
 */
public record Units(Frame frame, Dimension by, Unit total, @Nullable Unit before, Moves changes,
        List<String> steps, List<Point> series, List<Row> rows, List<Waste> waste,
        List<String> tags) implements Report {

    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    public Units {
        steps = List.copyOf(steps);
        series = List.copyOf(series);
        rows = List.copyOf(rows);
        waste = List.copyOf(waste);
        tags = List.copyOf(tags);
    }

    /**
     * Figures of one part of the spend. What is asked per nothing is null, never zero.
     *
     * @param spend calls and adjustments
     * @param perAnswer spend for each request that got a whole answer
     * @param perMillionOut spend for each million tokens of output
     * @param wasted cost of calls without a whole answer
     * @param wastedShare of the spend
     */
    public record Unit(Amount spend, long requests, long answered, long outputTokens, long unpriced,
            @Nullable Amount perAnswer, @Nullable Amount perMillionOut, Amount wasted,
            @Nullable BigDecimal wastedShare) {

        static Unit of(Spend spend) {
            Sums it = spend.sums();
            Amount amount = spend.amount();
            return new Unit(amount, it.requests(), it.answered(), it.outputTokens(), it.unpriced(),
                    amount.each(it.answered()), perMillion(amount, it.outputTokens()), it.wasted(),
                    it.wasted().shareOf(amount));
        }

        private static @Nullable Amount perMillion(Amount amount, long tokens) {
            return tokens == 0
                    ? null
                    : new Amount(amount.value()
                            .multiply(MILLION)
                            .divide(BigDecimal.valueOf(tokens), 12, RoundingMode.HALF_EVEN));
        }
    }

    /** Changes of the whole as fractions; null where either is unknown. */
    public record Moves(@Nullable BigDecimal perAnswer, @Nullable BigDecimal perMillionOut,
            @Nullable BigDecimal wasted) {

        static Moves of(Unit now, @Nullable Unit before) {
            return before == null
                    ? new Moves(null, null, null)
                    : new Moves(change(now.perAnswer(), before.perAnswer()),
                            change(now.perMillionOut(), before.perMillionOut()),
                            Sums.change(now.wasted(), before.wasted()));
        }

        static @Nullable BigDecimal change(@Nullable Amount now, @Nullable Amount before) {
            return now == null || before == null ? null : Sums.change(now, before);
        }
    }

    /**
     * @param value empty for what has none
     * @param before null when nothing is compared
     * @param change of the cost of an answer, as a fraction; null where either is unknown
     */
    public record Row(String value, Unit now, @Nullable Unit before, @Nullable BigDecimal change) {}

    /** One step of time, calls and the adjustments booked in it; null where there was no answer. */
    public record Point(Amount spend, long answered, @Nullable Amount perAnswer, Amount wasted) {}

    /**
     * Money that no caller got an answer for, or that went to calls beside answers.
     *
     * @param reason {@code failed first calls}, {@code failed retries} …, or the overhead {@code shadow}, {@code judge} …
     * @param overhead whether it was meant: a call beside the answer, not a failure
     */
    public record Waste(String reason, boolean overhead, long calls, Amount cost, @Nullable BigDecimal share) {}

    /** Computes it. */
    static Units of(Frame frame, SpendReader reader, Question question, List<String> tags) {
        Span span = question.span();
        Span then = question.before();
        Dimension by = question.groupBy().getFirst();
        Map<List<String>, Spend> now = reader.by(question, span, List.of(by));
        Map<List<String>, Spend> before = then == null ? Map.of() : reader.by(question, then, List.of(by));
        Set<List<String>> keys = new LinkedHashSet<>(now.keySet());
        keys.addAll(before.keySet());
        List<Row> rows = keys.stream()
                .map(key -> row(key.getFirst(), now.getOrDefault(key, Spend.NONE),
                        then == null ? null : before.getOrDefault(key, Spend.NONE)))
                .sorted(Comparator.comparing((Row row) -> row.now().spend().value())
                        .reversed()
                        .thenComparing(Row::value))
                .toList();
        Spend total = total(now);
        Steps steps = Steps.of(span, question.zone());
        Map<String, List<Sums>> roles = reader.series(question, span, steps, List.of(Dimension.ROLE));
        Unit whole = Unit.of(total);
        Unit past = then == null ? null : Unit.of(total(before));
        return new Units(frame, by, whole, past, Moves.of(whole, past), steps.names(),
                points(roles, reader.adjustments(question, span, steps), steps), rows,
                waste(roles, total.amount()), tags);
    }

    private static Spend total(Map<List<String>, Spend> parts) {
        return parts.values().stream().reduce(Spend.NONE, Spend::plus);
    }

    private static List<Point> points(Map<String, List<Sums>> roles, List<Amount> adjustments, Steps steps) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < steps.count(); i++) {
            int step = i;
            Sums sums = roles.values().stream().map(line -> line.get(step)).reduce(Sums.NONE, Sums::plus);
            Amount spend = sums.cost().plus(adjustments.get(i));
            points.add(new Point(spend, sums.answered(), spend.each(sums.answered()), sums.wasted()));
        }
        return points;
    }

    private static Row row(String value, Spend now, @Nullable Spend before) {
        Unit unit = Unit.of(now);
        Unit then = before == null ? null : Unit.of(before);
        return new Row(value, unit, then, Moves.of(unit, then).perAnswer());
    }

    private static List<Waste> waste(Map<String, List<Sums>> roles, Amount total) {
        Map<String, Waste> found = new LinkedHashMap<>();
        roles.forEach((role, steps) -> {
            Sums it = steps.stream().reduce(Sums.NONE, Sums::plus);
            if (it.isNothing()) {
                return;
            }
            if (SpendReader.OVERHEAD.contains(role)) {
                found.put(role, new Waste(role.toLowerCase(Locale.ROOT), true, it.attempts(), it.cost(),
                        it.cost().shareOf(total)));
            } else if (!role.isEmpty() && (it.wasted().value().signum() != 0 || it.attempts() > it.answered())) {
                found.put(role, new Waste(role.toLowerCase(Locale.ROOT), false, it.attempts() - it.answered(),
                        it.wasted(), it.wasted().shareOf(total)));
            }
        });
        return found.values()
                .stream()
                .sorted(Comparator.comparing((Waste waste) -> waste.cost().value())
                        .reversed()
                        .thenComparing(Waste::reason))
                .toList();
    }

    @Override
    public Sheet sheet() {
        List<List<@Nullable Object>> lines = new ArrayList<>();
        for (Row row : rows) {
            Unit it = row.now();
            Unit then = row.before();
            lines.add(Sheet.row(row.value(), it.spend().value(), frame.currency(), it.requests(), it.answered(),
                    it.outputTokens(), value(it.perAnswer()), value(it.perMillionOut()), it.wasted().value(),
                    it.wastedShare(), it.unpriced(), then == null ? null : value(then.perAnswer())));
        }
        return new Sheet("unit-economics",
                List.of(by.id(), "spend", "currency", "requests", "answered", "output_tokens", "per_answer",
                        "per_million_output_tokens", "wasted", "wasted_share", "unpriced_calls", "per_answer_before"),
                lines);
    }

    private static @Nullable BigDecimal value(@Nullable Amount amount) {
        return amount == null ? null : amount.value();
    }
}
