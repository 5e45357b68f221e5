package dev.pareto.dashboards.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class WindowTest {

    private static final Instant NOW = Instant.parse("2026-11-20T13:37:42Z");

    @Test
    void aDayEndsWithTheHourThatRuns() {
        Window window = Period.DAY.endingAt(NOW);
        assertThat(window.to()).isEqualTo("2026-11-20T14:00:00Z");
        assertThat(window.from()).isEqualTo("2026-11-19T14:00:00Z");
        assertThat(window.starts()).hasSize(24).endsWith(Instant.parse("2026-11-20T13:00:00Z"));
        assertThat(window.before().to()).isEqualTo(window.from());
    }

    @Test
    void weeksAndMonthsAreCutInUtc() {
        assertThat(Period.WEEK.endingAt(NOW).to()).isEqualTo("2026-11-20T18:00:00Z");
        assertThat(Period.MONTH.endingAt(NOW).from()).isEqualTo("2026-10-22T00:00:00Z");
        assertThat(Period.MONTH.endingAt(NOW).to()).isEqualTo("2026-11-21T00:00:00Z");
    }

    @Test
    void anUnknownPeriodNamesTheKnownOnes() {
        assertThatThrownBy(() -> Period.parse("1y")).hasMessage("there is no period '1y'; use one of 24h, 7d, 30d");
    }

    @Test
    void aWindowIsBounded() {
        assertThatThrownBy(() -> new Window(Instant.EPOCH, Duration.ofHours(1), 1_001))
                .hasMessageContaining("1 to 1000");
        assertThatThrownBy(() -> new Window(Instant.EPOCH, Duration.ofMinutes(90), 2))
                .hasMessageContaining("whole hours");
    }
}
