package dev.pareto.dashboards.finance;

import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.report.AttemptReport;
import dev.pareto.dashboards.store.Reads;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads what every report carries. Blocks. */
public final class FrameReport {

    private final Reads reads;
    private final String book;
    private final AttemptReport attempts;

    /**
     * @param book the currency in which the books are kept
     */
    public FrameReport(Reads reads, String book) {
        this.reads = reads;
        this.book = book;
        this.attempts = new AttemptReport(reads.client());
    }

    public Frame frame(Question question, Instant now) {
        return new Frame(question, book, now, trust(question));
    }

    /** What the parts of the slice hold. */
    private record Told(Amount cost, Amount estimated, Amount simulated, long unpriced, long simulatedCalls,
            long otherCurrency) {

        static final Told NOTHING = new Told(Amount.ZERO, Amount.ZERO, Amount.ZERO, 0, 0, 0);

        Told plus(Told other) {
            return new Told(cost.plus(other.cost), estimated.plus(other.estimated), simulated.plus(other.simulated),
                    unpriced + other.unpriced, simulatedCalls + other.simulatedCalls,
                    otherCurrency + other.otherCurrency);
        }
    }

    private Trust trust(Question question) {
        // by nothing but its tag, whose calls alone are told of
        Slice slice = Slice.spend(question.tagKey().isPresent() ? question : question.by(), question.span());
        Told told = Sums.query(reads, slice, book, from -> "SELECT " + Sums.money(reads, "cost_pico", "cost") + ", "
                + Sums.money(reads, "estimated_pico", "estimated") + ", "
                + reads.sumWhere("simulated = 1 AND currency = :book", "cost_pico", "simulated")
                + ", COALESCE(SUM(unpriced), 0) AS unpriced"
                + ", COALESCE(SUM(CASE WHEN simulated = 1 THEN attempts ELSE 0 END), 0) AS simulated_calls"
                + ", COALESCE(SUM(CASE WHEN currency NOT IN (:book, '') THEN attempts ELSE 0 END), 0) AS other_currency"
                + " FROM " + from)
                .list(row -> new Told(Sums.amount(row, "cost"), Sums.amount(row, "estimated"),
                        Sums.amount(row, "simulated"), row.getLong("unpriced"), row.getLong("simulated_calls"),
                        row.getLong("other_currency")))
                .stream()
                .reduce(Told.NOTHING, Told::plus);
        Amount cost = told.cost();
        return new Trust(cost.minus(told.estimated()).shareOf(cost), told.estimated().shareOf(cost), told.estimated(),
                told.unpriced(), told.simulated().shareOf(cost), told.simulatedCalls(), told.otherCurrency(),
                attempts.lastWrite(), months(question));
    }

    private List<Trust.Month> months(Question question) {
        YearMonth first = YearMonth.from(question.span().from().atOffset(ZoneOffset.UTC));
        Instant end = question.span().to().isAfter(question.span().from())
                ? question.span().to().minusSeconds(1)
                : question.span().to();
        YearMonth last = YearMonth.from(end.atOffset(ZoneOffset.UTC));
        Set<String> closed = new HashSet<>(reads.sql("SELECT month FROM billing_month WHERE month >= ? AND month <= ?")
                .params(first.toString(), last.toString())
                .query(String.class)
                .list());
        List<Trust.Month> months = new ArrayList<>();
        for (YearMonth month = first; !month.isAfter(last); month = month.plusMonths(1)) {
            months.add(new Trust.Month(month.toString(), closed.contains(month.toString())));
        }
        return months;
    }
}
