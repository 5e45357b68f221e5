package dev.pareto.dashboards.schedule;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;

/** How often a report is sent; days are UTC. */
public enum Cadence {
    DAILY,
    /** On Mondays. */
    WEEKLY,
    /** On the first. */
    MONTHLY;

    /**
     * The first moment after another one.
     *
     * @param hour of the UTC day, 0 to 23
     */
    public Instant after(Instant moment, int hour) {
        LocalDate today = LocalDate.ofInstant(moment, ZoneOffset.UTC);
        LocalDate day = switch (this) {
            case DAILY -> today;
            case WEEKLY -> today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTHLY -> today.withDayOfMonth(1);
        };
        while (!at(day, hour).isAfter(moment)) {
            day = switch (this) {
                case DAILY -> day.plusDays(1);
                case WEEKLY -> day.plusWeeks(1);
                case MONTHLY -> day.plusMonths(1);
            };
        }
        return at(day, hour);
    }

    private static Instant at(LocalDate day, int hour) {
        return day.atTime(hour, 0).toInstant(ZoneOffset.UTC);
    }
}
