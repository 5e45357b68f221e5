package dev.pareto.policies.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.budget.BudgetPeriod.Every;
import dev.pareto.policies.budget.BudgetPeriod.Window;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Resets that other gateways got wrong: late by the zone's offset, at the first call's minute, or never. */
final class BudgetPeriodTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    @DisplayName("LiteLLM 34896, 10288: a day ends at midnight of its own zone, also when that day has 23 or 25 hours")
    void days() {
        BudgetPeriod day = BudgetPeriod.every(Every.DAY, BERLIN);

        Window spring = day.at(Instant.parse("2026-03-29T12:00:00Z"));
        assertThat(spring).isEqualTo(window("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"));
        assertThat(Duration.between(spring.from(), spring.to())).isEqualTo(Duration.ofHours(23));
        assertThat(day.at(Instant.parse("2026-10-25T12:00:00Z")))
                .isEqualTo(window("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"));
        assertThat(day.at(Instant.parse("2026-11-22T22:59:59.999999Z")).to()).isEqualTo("2026-11-22T23:00:00Z");
        assertThat(day.at(Instant.parse("2026-11-22T23:00:00Z")).from()).isEqualTo("2026-11-22T23:00:00Z");
    }

    @Test
    @DisplayName("LiteLLM 9098: a month is one of the calendar, from a day of choice")
    void months() {
        BudgetPeriod month = new BudgetPeriod(Every.MONTH, DayOfWeek.MONDAY, 15, null, ZoneId.of("Asia/Tokyo"));

        assertThat(month.at(Instant.parse("2026-03-14T14:59:59Z")))
                .isEqualTo(window("2026-02-14T15:00:00Z", "2026-03-14T15:00:00Z"));
        assertThat(month.at(Instant.parse("2026-03-14T15:00:00Z")))
                .isEqualTo(window("2026-03-14T15:00:00Z", "2026-04-14T15:00:00Z"));
        assertThat(BudgetPeriod.every(Every.MONTH, ZoneId.of("America/Los_Angeles"))
                .at(Instant.parse("2026-11-01T06:59:59Z")))
                .isEqualTo(window("2026-10-01T07:00:00Z", "2026-11-01T07:00:00Z"));
    }

    @Test
    void weeksBeginOnTheirDayAndATotalNeverEnds() {
        BudgetPeriod week = new BudgetPeriod(Every.WEEK, DayOfWeek.SUNDAY, 1, null, ZoneId.of("UTC"));
        assertThat(week.at(Instant.parse("2026-11-22T00:00:00Z")))
                .isEqualTo(window("2026-11-22T00:00:00Z", "2026-11-29T00:00:00Z"));
        assertThat(week.at(Instant.parse("2026-11-21T23:59:59Z")).from()).isEqualTo("2026-11-15T00:00:00Z");

        BudgetPeriod total = new BudgetPeriod(Every.TOTAL, DayOfWeek.MONDAY, 1, LocalDate.parse("2026-01-01"), BERLIN);
        assertThat(total.at(Instant.parse("2030-01-01T00:00:00Z")))
                .isEqualTo(new Window(Instant.parse("2025-12-31T23:00:00Z"), null));
    }

    @Test
    void aZoneOfHalfHoursIsRefusedWithWhatToWrite() {
        assertThatThrownBy(() -> BudgetPeriod.every(Every.DAY, ZoneId.of("Asia/Kolkata")))
                .hasMessageContaining("Asia/Kolkata is not whole hours from UTC; use UTC or a zone that is");
    }

    private static Window window(String from, String to) {
        return new Window(Instant.parse(from), Instant.parse(to));
    }
}
