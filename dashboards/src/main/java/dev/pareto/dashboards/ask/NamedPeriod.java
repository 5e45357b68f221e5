package dev.pareto.dashboards.ask;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Periods that have a name; each follows the calendar of the reader's time zone. */
public enum NamedPeriod {
    TODAY, YESTERDAY, LAST_7_DAYS, LAST_30_DAYS, LAST_90_DAYS, THIS_MONTH, LAST_MONTH, THIS_QUARTER, LAST_QUARTER, THIS_YEAR,
    /** Stated by its first and last day. */
    CUSTOM;

    /** First and last day. */
    public record Days(LocalDate first, LocalDate last) {

        long count() {
            return ChronoUnit.DAYS.between(first, last) + 1;
        }
    }

    /**
     * The period of a name.
     *
     * @throws IllegalArgumentException naming those there are
     */
    public static NamedPeriod of(String id) {
        return Arrays.stream(values())
                .filter(period -> period.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no period '" + id + "'; use one of "
                        + Arrays.stream(values()).map(NamedPeriod::id).collect(Collectors.joining(", "))));
    }

    /** The name in a URL. */
    @JsonValue
    public String id() {
        return switch (this) {
            case LAST_7_DAYS -> "7d";
            case LAST_30_DAYS -> "30d";
            case LAST_90_DAYS -> "90d";
            case TODAY, YESTERDAY, THIS_MONTH, LAST_MONTH, THIS_QUARTER, LAST_QUARTER, THIS_YEAR, CUSTOM -> name()
                    .toLowerCase(Locale.ROOT)
                    .replace('_', '-');
        };
    }

    /** The whole of it, also the days that are still to come. */
    public Days days(LocalDate today) {
        LocalDate month = today.withDayOfMonth(1);
        LocalDate quarter = today.with(IsoFields.DAY_OF_QUARTER, 1);
        return switch (this) {
            case TODAY -> new Days(today, today);
            case YESTERDAY -> new Days(today.minusDays(1), today.minusDays(1));
            case LAST_7_DAYS -> new Days(today.minusDays(6), today);
            case LAST_30_DAYS -> new Days(today.minusDays(29), today);
            case LAST_90_DAYS -> new Days(today.minusDays(89), today);
            case THIS_MONTH -> new Days(month, month.plusMonths(1).minusDays(1));
            case LAST_MONTH -> new Days(month.minusMonths(1), month.minusDays(1));
            case THIS_QUARTER -> new Days(quarter, quarter.plusMonths(3).minusDays(1));
            case LAST_QUARTER -> new Days(quarter.minusMonths(3), quarter.minusDays(1));
            case THIS_YEAR -> new Days(today.withDayOfYear(1), today.withDayOfYear(today.lengthOfYear()));
            case CUSTOM -> throw new IllegalArgumentException("a custom period states its days");
        };
    }

    /** What it is compared to: whole months against the months before them, anything else against as many days. */
    static Days before(Days days, Compare compare) {
        if (compare == Compare.LAST_YEAR) {
            boolean toTheEnd = days.last().getDayOfMonth() == days.last().lengthOfMonth();
            LocalDate last = days.last().minusYears(1);
            return new Days(days.first().minusYears(1), toTheEnd ? last.withDayOfMonth(last.lengthOfMonth()) : last);
        }
        LocalDate after = days.last().plusDays(1);
        boolean months = days.first().getDayOfMonth() == 1 && after.getDayOfMonth() == 1;
        long length = ChronoUnit.MONTHS.between(days.first(), after);
        return new Days(months ? days.first().minusMonths(length) : days.first().minusDays(days.count()),
                days.first().minusDays(1));
    }
}
