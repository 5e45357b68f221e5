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
import java.util.LinkedHashMap;
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

    /**
     * What one period holds, from which all of the page is added up.
     *
     * @param lines calls by step, by the dimension; those without the tag, where it is one, under no value
     * @param parts calls and adjustments by the dimension
     */
    private record Cells(Steps steps, Map<String, List<Sums>> lines, Map<List<String>, Spend> parts) {

        Spend total() {
            return parts.values().stream().reduce(Spend.NONE, Spend::plus);
        }

        /** Of calls alone, by step. */
        List<Amount> totals() {
            List<Amount> totals = new ArrayList<>(Collections.nCopies(steps.count(), Amount.ZERO));
            for (List<Sums> line : lines.values()) {
                for (int i = 0; i < totals.size(); i++) {
                    totals.set(i, totals.get(i).plus(line.get(i).cost()));
                }
            }
            return totals;
        }
    }

    /** Both periods as they were read: a pass over the sums for each, and another where a tag divides all calls. */
    static final class Read {

        private final Cells is;
        private final @Nullable Cells was;

        private Read(Cells is, @Nullable Cells was) {
            this.is = is;
            this.was = was;
        }

        static Read of(SpendReader reader, Question question) {
            Span then = question.before();
            return new Read(cells(reader, question, question.span()),
                    then == null ? null : cells(reader, question, then));
        }

        Spend now() {
            return is.total();
        }

        /** Null where nothing is compared. */
        @Nullable
        Spend before() {
            return was == null ? null : was.total();
        }

        private static Cells cells(SpendReader reader, Question question, Span span) {
            Dimension by = question.groupBy().getFirst();
            Steps steps = Steps.of(span, question.zone());
            Map<String, List<Sums>> lines = reader.series(question, span, steps, List.of(by));
            if (by.isTag() && !question.filtersByTag()) {
                List<Sums> rest = new ArrayList<>(reader.series(question, span, steps, List.of())
                        .getOrDefault("", Collections.nCopies(steps.count(), Sums.NONE)));
                for (List<Sums> line : lines.values()) {
                    for (int i = 0; i < rest.size(); i++) {
                        rest.set(i, rest.get(i).minus(line.get(i)));
                    }
                }
                // an empty value of the tag and none at all are told alike
                lines.merge("", rest, SpendOverview::together);
            }
            Map<List<String>, Spend> parts = new LinkedHashMap<>();
            lines.forEach((value, line) -> parts.put(List.of(value),
                    new Spend(line.stream().reduce(Sums.NONE, Sums::plus), Amount.ZERO)));
            reader.adjustments(question, span, List.of(by))
                    .forEach((key, amount) -> parts.merge(key, new Spend(Sums.NONE, amount), Spend::plus));
            parts.values().removeIf(Spend::isNothing);
            return new Cells(steps, lines, parts);
        }
    }

    /** Computes it. */
    static SpendOverview of(Frame frame, Read read, Question question, @Nullable String summary, List<String> tags) {
        Dimension by = question.groupBy().getFirst();
        Cells is = read.is;
        Cells was = read.was;
        Spend now = read.now();
        return new SpendOverview(frame, by, figures(now, read.before()), is.steps().names(),
                by.isTag() && !question.filtersByTag() ? withUntagged(is) : lines(is.lines(), is.steps().count()),
                is.totals(), was == null ? List.of() : was.totals(),
                now.adjustments(),
                was == null ? List.of() : ChangeReport.movers(was.parts(), is.parts(), MOVERS), summary, tags);
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
                .map(line -> line(line.getKey(), line.getValue().stream().map(Sums::cost).toList()))
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

    /** Calls without the tag come last, whatever they cost. */
    private static List<Line> withUntagged(Cells cells) {
        Map<String, List<Sums>> tagged = new LinkedHashMap<>(cells.lines());
        tagged.remove("");
        List<Line> all = new ArrayList<>(lines(tagged, cells.steps().count()));
        Line untagged = line("", cells.lines().getOrDefault("", List.of()).stream().map(Sums::cost).toList());
        if (untagged.sum().value().signum() != 0) {
            all.add(untagged);
        }
        return all;
    }

    private static List<Sums> together(List<Sums> one, List<Sums> other) {
        List<Sums> both = new ArrayList<>(one);
        for (int i = 0; i < both.size(); i++) {
            both.set(i, both.get(i).plus(other.get(i)));
        }
        return both;
    }

    private static Line line(@Nullable String value, List<Amount> spend) {
        return new Line(value, spend.stream().reduce(Amount.ZERO, Amount::plus), spend);
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
