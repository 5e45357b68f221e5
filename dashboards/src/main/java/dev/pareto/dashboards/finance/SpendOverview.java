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
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was spent, against what, and on what: the first page of finance.
 *
 * @param steps what each step of the chart is called
 * @param lines the dearest seven values of the dimension, then everything else; calls alone
 * @param stepTotals of the lines
 * @param stepTotalsBefore of the period compared to, its first step first; empty where nothing is compared
 * @param adjustments booked beside calls, in no line
 * @param summary why it changed, in a sentence; null where nothing is compared
 * @param tags the keys of tags that calls of the period carry
 */
public record SpendOverview(Frame frame, Dimension by, Figures figures, List<String> steps, List<Line> lines,
        List<Amount> stepTotals, List<Amount> stepTotalsBefore, Amount adjustments, List<Changes.Mover> movers,
        @Nullable String summary, List<String> tags) implements Report {

    private static final int LINES = 7;
    private static final int MOVERS = 6;

    public SpendOverview {
        steps = List.copyOf(steps);
        lines = List.copyOf(lines);
        stepTotals = List.copyOf(stepTotals);
        stepTotalsBefore = List.copyOf(stepTotalsBefore);
        movers = List.copyOf(movers);
        tags = List.copyOf(tags);
    }

    /**
     * The head of the page. Changes are fractions, null where there was nothing to compare.
     *
     * @param saved modelled: what baselines would have cost for the same calls, less what they did cost
     * @param perAnswer all spend for each request that got a whole answer; null when none did
     */
    public record Figures(Amount spend, @Nullable Amount spendBefore, @Nullable BigDecimal spendChange, Amount baseline,
            Amount saved, @Nullable BigDecimal savedShare, @Nullable Amount perAnswer,
            @Nullable BigDecimal perAnswerChange, long requests, @Nullable BigDecimal requestsChange, long answered,
            long inputTokens, long outputTokens, Amount wasted, @Nullable BigDecimal wastedShare) {}

    /**
     * @param value null for everything else
     */
    public record Line(@Nullable String value, Amount sum, List<Amount> spend) {

        public Line {
            spend = List.copyOf(spend);
        }
    }

    /** Computes it. */
    static SpendOverview of(Frame frame, SpendReader reader, Question question, @Nullable String summary,
            List<String> tags) {
        Span span = question.span();
        Span then = question.before();
        Dimension by = question.groupBy().getFirst();
        Spend now = reader.total(question, span);
        Spend before = then == null ? null : reader.total(question, then);
        Steps steps = Steps.of(span, question.zone());
        List<Line> lines = lines(reader.series(question, span, steps, List.of(by)), steps.count());
        List<Amount> totals = amounts(reader.series(question, span, steps, List.of()).get(""), steps.count());
        if (by.isTag() && !question.filtersByTag()) {
            lines = withUntagged(lines, totals);
        }
        return new SpendOverview(frame, by, figures(now, before), steps.names(), lines, totals,
                then == null ? List.of() : before(reader, question, then), now.adjustments(),
                then == null ? List.of() : movers(reader, question, then, by), summary, tags);
    }

    private static List<Amount> before(SpendReader reader, Question question, Span then) {
        Steps steps = Steps.of(then, question.zone());
        return amounts(reader.series(question, then, steps, List.of()).get(""), steps.count());
    }

    private static Figures figures(Spend now, @Nullable Spend before) {
        Sums it = now.sums();
        Amount saved = it.baseline().minus(it.compared());
        Amount perAnswer = now.amount().each(it.answered());
        Amount perAnswerBefore = before == null ? null : before.amount().each(before.sums().answered());
        return new Figures(now.amount(), before == null ? null : before.amount(),
                before == null ? null : Sums.change(now.amount(), before.amount()), it.baseline(), saved,
                saved.shareOf(it.baseline()), perAnswer,
                perAnswer == null || perAnswerBefore == null ? null : Sums.change(perAnswer, perAnswerBefore),
                it.requests(), before == null ? null : change(it.requests(), before.sums().requests()), it.answered(),
                it.inputTokens(), it.outputTokens(), it.wasted(), it.wasted().shareOf(now.amount()));
    }

    private static @Nullable BigDecimal change(long now, long before) {
        return before == 0
                ? null
                : BigDecimal.valueOf(now - before).divide(BigDecimal.valueOf(before), 4, RoundingMode.HALF_EVEN);
    }

    private static List<Line> lines(Map<String, List<Sums>> series, int steps) {
        List<Line> all = series.entrySet()
                .stream()
                .map(line -> line(line.getKey(), amounts(line.getValue(), steps)))
                .filter(line -> line.sum().value().signum() != 0)
                .sorted(Comparator.comparing((Line line) -> line.sum().value())
                        .reversed()
                        .thenComparing(line -> String.valueOf(line.value())))
                .toList();
        if (all.size() <= LINES + 1) {
            return all;
        }
        List<Line> shown = new ArrayList<>(all.subList(0, LINES));
        List<Amount> rest = new ArrayList<>(Collections.nCopies(steps, Amount.ZERO));
        for (Line line : all.subList(LINES, all.size())) {
            for (int i = 0; i < steps; i++) {
                rest.set(i, rest.get(i).plus(line.spend().get(i)));
            }
        }
        shown.add(line(null, rest));
        return shown;
    }

    /** Calls without the tag are everything less those with it. */
    private static List<Line> withUntagged(List<Line> tagged, List<Amount> totals) {
        List<Amount> rest = new ArrayList<>(totals);
        for (Line line : tagged) {
            for (int i = 0; i < rest.size(); i++) {
                rest.set(i, rest.get(i).minus(line.spend().get(i)));
            }
        }
        Line untagged = line("", rest);
        List<Line> all = new ArrayList<>(tagged);
        if (untagged.sum().value().signum() != 0) {
            all.add(untagged);
        }
        return all;
    }

    private static Line line(@Nullable String value, List<Amount> spend) {
        return new Line(value, spend.stream().reduce(Amount.ZERO, Amount::plus), spend);
    }

    private static List<Amount> amounts(@Nullable List<Sums> sums, int steps) {
        return sums == null
                ? Collections.nCopies(steps, Amount.ZERO)
                : sums.stream().map(Sums::cost).toList();
    }

    private static List<Changes.Mover> movers(SpendReader reader, Question question, Span then, Dimension by) {
        return ChangeReport.movers(reader.by(question, then, List.of(by)),
                reader.by(question, question.span(), List.of(by)), MOVERS);
    }

    @Override
    public Sheet sheet() {
        List<String> columns = new ArrayList<>(List.of("step"));
        lines.forEach(line -> columns.add(name(line)));
        columns.addAll(List.of("total", "currency"));
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            List<@Nullable Object> row = Sheet.row(steps.get(i));
            for (Line line : lines) {
                row.add(line.spend().get(i).value());
            }
            row.add(stepTotals.get(i).value());
            row.add(frame.currency());
            rows.add(row);
        }
        return new Sheet("spend", columns, rows);
    }

    private String name(Line line) {
        String value = line.value();
        return value == null ? "everything else" : value.isEmpty() ? "no " + by.id() : value;
    }
}
