package dev.pareto.policies.budget;

import static java.util.Objects.requireNonNull;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * When a budget begins anew: at a midnight of its own time zone, however long the day between two of them is.
 *
 * @param every how long it lasts
 * @param weekDay the first day of a week
 * @param monthDay the first day of a month, 1 to 28
 * @param since the first day of a budget that is never renewed; null from the beginning of the books
 * @param zone whose midnights are meant; whole hours from UTC, as sums are kept by the hour
 */
public record BudgetPeriod(Every every, DayOfWeek weekDay, int monthDay, @Nullable LocalDate since, ZoneId zone) {

    /** How long a period lasts. */
    public enum Every {
        DAY, WEEK, MONTH, TOTAL;

        /** As it is written in the configuration. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A stretch of time, from its first instant to the first that no longer belongs to it; {@code to} is null where it never ends. */
    public record Window(Instant from, @Nullable Instant to) {

        public Window {
            requireNonNull(from, "from is null");
        }

        public boolean contains(Instant instant) {
            return !instant.isBefore(from) && (to == null || instant.isBefore(to));
        }
    }

    private static final int LAST_START = 28;
    private static final int HOUR = 3600;

    public BudgetPeriod {
        requireNonNull(every, "every is null");
        requireNonNull(weekDay, "weekDay is null");
        requireNonNull(zone, "zone is null");
        if (monthDay < 1 || monthDay > LAST_START) {
            throw new IllegalArgumentException(
                    "a month starts on day 1 to " + LAST_START + ", which every month has, not " + monthDay);
        }
        if (offset(zone, "2026-01-01T00:00:00Z") % HOUR != 0 || offset(zone, "2026-07-01T00:00:00Z") % HOUR != 0) {
            throw new IllegalArgumentException("sums are kept by the hour, and " + zone.getId()
                    + " is not whole hours from UTC; use UTC or a zone that is");
        }
    }

    public static BudgetPeriod every(Every every, ZoneId zone) {
        return new BudgetPeriod(every, DayOfWeek.MONDAY, 1, null, zone);
    }

    /** The period that an instant lies in. */
    public Window at(Instant instant) {
        LocalDate day = LocalDate.ofInstant(instant, zone);
        return switch (every) {
            case DAY -> window(day, day.plusDays(1));
            case WEEK -> {
                LocalDate first = day.with(TemporalAdjusters.previousOrSame(weekDay));
                yield window(first, first.plusWeeks(1));
            }
            case MONTH -> {
                LocalDate first = day.getDayOfMonth() >= monthDay
                        ? day.withDayOfMonth(monthDay)
                        : day.minusMonths(1).withDayOfMonth(monthDay);
                yield window(first, first.plusMonths(1));
            }
            case TOTAL -> new Window(since == null ? Instant.EPOCH : start(since), null);
        };
    }

    private Window window(LocalDate first, LocalDate next) {
        return new Window(start(first), start(next));
    }

    private Instant start(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }

    private static int offset(ZoneId zone, String instant) {
        return zone.getRules().getOffset(Instant.parse(instant)).getTotalSeconds();
    }

    /** For people, e.g. {@code a month}. */
    public String told() {
        return every == Every.TOTAL ? "in total" : "a " + every.text();
    }
}
