package dev.pareto.dashboards.outlook;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.finance.Frame;
import dev.pareto.dashboards.forecast.BackTest;
import dev.pareto.dashboards.report.Amount;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where spend lands.
 *
 * @param today in the question's zone; it still runs, so that the forecast begins with it
 * @param monthEnd the last day of today's month
 * @param quarterEnd the last day of today's quarter
 * @param historyFrom the day of the first of every course's {@code actual}
 * @param dimension by which the parts are divided
 * @param total all of it
 * @param parts dearest first, the last for all smaller ones together; each is forecast by itself, so that they need not add up to the total
 */
public record Forecast(Frame frame, LocalDate today, LocalDate monthEnd, LocalDate quarterEnd, LocalDate historyFrom,
        Dimension dimension, Course total, List<Course> parts) implements Report {

    public Forecast {
        parts = List.copyOf(parts);
    }

    /**
     * One line of spend, past and to come.
     *
     * @param name the dimension's value; null for the total and for all smaller parts together
     * @param others whether it is all smaller parts together
     * @param monthToDate what this month has cost so far, today and adjustments included
     * @param adjustments what of it was booked beside calls; in where the month and the quarter land, but in no day and not extrapolated
     * @param month where this month lands; null where there is too little to tell
     * @param quarter where this quarter lands
     * @param why what is missing for a forecast; null when nothing is
     * @param test how far such forecasts were off; null where the past is too short to tell
     * @param actual whole days up to yesterday, and today so far
     * @param ahead today and each day up to the end of the quarter
     */
    public record Course(@Nullable String name, boolean others, Amount monthToDate, Amount adjustments,
            @Nullable Estimate month, @Nullable Estimate quarter, @Nullable String why, @Nullable BackTest test,
            List<Amount> actual,
            List<Estimate> ahead) {

        public Course {
            actual = List.copyOf(actual);
            ahead = List.copyOf(ahead);
        }
    }

    @Override
    public Sheet sheet() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        Stream.concat(Stream.of(total), parts.stream()).forEach(course -> {
            String name = course.name() != null ? course.name() : course.others() ? "(others)" : "(all)";
            for (int day = 0; day < course.actual().size(); day++) {
                rows.add(Sheet.row(name, historyFrom.plusDays(day), "actual", course.actual().get(day).value(), null,
                        null, null, null));
            }
            for (int day = 0; day < course.ahead().size(); day++) {
                Estimate it = course.ahead().get(day);
                rows.add(Sheet.row(name, today.plusDays(day), "forecast", it.expected().value(), it.lower80().value(),
                        it.upper80().value(), it.lower95().value(), it.upper95().value()));
            }
        });
        return new Sheet("forecast", List.of(dimension.id(), "day", "kind", "amount", "lower80", "upper80", "lower95",
                "upper95"), rows);
    }
}
