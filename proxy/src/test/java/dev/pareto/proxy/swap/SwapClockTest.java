package dev.pareto.proxy.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

final class SwapClockTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private Instant world = NOON;

    @Test
    void isTheWorldsUnlessItIsFaster() {
        SwapClock clock = SwapClock.of(() -> world);
        world = NOON.plusSeconds(5);

        assertThat(clock.instant()).isEqualTo(world);
        assertThat(clock.at(NOON.minus(Duration.ofDays(1)))).isEqualTo(NOON.minus(Duration.ofDays(1)));
    }

    @Test
    void aFasterOneShowsAnHourASecondAndLeavesThePastAsItWas() {
        SwapClock clock = SwapClock.faster(() -> world, 3_600);
        world = NOON.plusSeconds(24);

        assertThat(clock.instant()).isEqualTo(NOON.plus(Duration.ofDays(1)));
        assertThat(clock.at(NOON.minusSeconds(7))).isEqualTo(NOON.minusSeconds(7));
        assertThatThrownBy(() -> SwapClock.faster(() -> world, 0)).hasMessageContaining("at least 1");
    }
}
