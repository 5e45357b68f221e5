package dev.pareto.dashboards.budget;

import dev.pareto.dashboards.ask.Compare;
import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Filter;
import dev.pareto.dashboards.ask.NamedPeriod;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Simulated;
import dev.pareto.dashboards.ask.Span;
import dev.pareto.policies.budget.BudgetScope;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/** A budget's scope as the question that all reports are asked. Simulated calls cost nobody anything, so they never count. */
final class BudgetQuestion {

    private static final long HOUR = 3600;

    private BudgetQuestion() {}

    static Question of(BudgetScope scope, Span span, ZoneId zone) {
        List<Filter> filters = scope.any()
                .entrySet()
                .stream()
                .map(one -> new Filter(new Dimension(one.getKey()), one.getValue()))
                .toList();
        return new Question(NamedPeriod.CUSTOM, LocalDate.ofInstant(span.from(), zone),
                LocalDate.ofInstant(span.to().minusSeconds(1), zone), zone, span, Compare.NONE, null, filters,
                Simulated.WITHOUT, List.of());
    }

    /** The end of the hour that holds an instant. */
    static Instant endOfHour(Instant instant) {
        return Instant.ofEpochSecond((Math.floorDiv(instant.getEpochSecond(), HOUR) + 1) * HOUR);
    }

    static Instant startOfHour(Instant instant) {
        return Instant.ofEpochSecond(Math.floorDiv(instant.getEpochSecond(), HOUR) * HOUR);
    }
}
