package dev.pareto.proxy.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

import dev.pareto.policies.price.Money;

import org.junit.jupiter.api.Test;

final class DailyBudgetTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final Money CAP = Money.usd("1");

    @Test
    void theWorstCaseNeverGoesBeyondTheCapAndADayBeginsAnew() {
        var budget = new DailyBudget((route, since) -> since.equals(Instant.parse("2026-11-20T00:00:00Z"))
                ? new BigDecimal("0.5")
                : BigDecimal.ZERO);
        Money worst = Money.usd("0.3");

        assertThat(budget.reserve("r", worst, CAP, NOON)).as("0.5 of before the start and 0.3").isTrue();
        assertThat(budget.reserve("r", worst, CAP, NOON)).isFalse();
        budget.settle("r", worst, Money.usd("0.1"), NOON);
        assertThat(budget.reserve("r", worst, CAP, NOON)).isTrue();
        assertThat(budget.reserve("r", worst, CAP, NOON)).isFalse();
        assertThat(budget.reserve("r", worst, CAP, NOON.plus(Duration.ofHours(12)))).as("tomorrow").isTrue();
    }

    @Test
    void whatHasNoPriceHasNoPlaceUnderACap() {
        var budget = new DailyBudget((route, since) -> BigDecimal.ZERO);

        assertThat(budget.reserve("r", null, CAP, NOON)).isFalse();
        assertThat(budget.reserve("r", null, null, NOON)).isTrue();
        assertThat(budget.reserve("r", Money.usd("0"), Money.usd("0"), NOON)).as("free copies cost no budget").isTrue();
    }
}
