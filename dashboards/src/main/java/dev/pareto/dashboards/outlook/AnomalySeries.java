package dev.pareto.dashboards.outlook;

import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.finance.Frame;
import dev.pareto.dashboards.report.Amount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of spend about an incident, step by step, with what is usual.
 *
 * @param hoursPerStep 1, 6 or 24
 * @param dimension of the line of spend; null for all of it
 */
public record AnomalySeries(Frame frame, int hoursPerStep, @Nullable String dimension, @Nullable String value,
        List<Step> steps) implements Report {

    public AnomalySeries {
        steps = List.copyOf(steps);
    }

    /**
     * @param actual exact
     * @param lower the least that is usual; null where there was too little to tell
     * @param upper the most that is usual; null where there was too little to tell
     */
    public record Step(Instant at, Amount actual, @Nullable Amount lower, @Nullable Amount expected,
            @Nullable Amount upper) {}

    @Override
    public Sheet sheet() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        steps.forEach(it -> rows.add(Sheet.row(it.at(), it.actual().value(), value(it.lower()), value(it.expected()),
                value(it.upper()))));
        return new Sheet("anomaly", List.of("at", "actual", "lower", "expected", "upper"), rows);
    }

    private static @Nullable Object value(@Nullable Amount amount) {
        return amount == null ? null : amount.value();
    }
}
