package dev.pareto.proxy.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.pareto.policies.price.Money;

import org.junit.jupiter.api.DisplayName;
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
    @DisplayName("A35 LiteLLM 34732, 40095, 26672: calls at the same time passed a budget that had no room for them all")
    void a35() throws Exception {
        var budget = new DailyBudget((route, since) -> BigDecimal.ZERO);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> calls = Collections.nCopies(8,
                    () -> budget.reserve("r", Money.usd("0.0125"), Money.usd("0.05"), NOON));
            int admitted = 0;
            for (Future<Boolean> call : callers.invokeAll(calls)) {
                admitted += call.get() ? 1 : 0;
            }
            assertThat(admitted).isEqualTo(4);
        }
    }

    @Test
    @DisplayName("A36 LiteLLM 30460: what was counted as spent drifted upwards until calls were refused for nothing")
    void a36() {
        var random = new SplittableRandom(36);
        BigDecimal[] rows = {BigDecimal.ZERO};
        var budget = new DailyBudget((route, since) -> BigDecimal.ZERO);
        Money cap = Money.usd("1000");
        for (int call = 0; call < 10_000; call++) {
            Money worst = Money.usd(BigDecimal.valueOf(random.nextLong(1, 100_000_000), 12).toPlainString());
            assertThat(budget.reserve("r", worst, cap, NOON)).isTrue();
            switch (random.nextInt(3)) {
                case 0 -> { // answered
                    Money cost = Money.usd(BigDecimal.valueOf(random.nextLong(0, 100_000_000), 12).toPlainString());
                    budget.settle("r", worst, cost, NOON);
                    rows[0] = rows[0].add(cost.amount());
                }
                case 1 -> budget.settle("r", worst, Money.usd("0"), NOON); // refused
                default -> rows[0] = rows[0].add(worst.amount()); // nobody settled it: it expires at its reservation
            }
        }
        for (var counted : List.of(budget, new DailyBudget((route, since) -> rows[0]))) {
            Money left = Money.usd(cap.amount().subtract(rows[0]).toPlainString());
            assertThat(counted.reserve("r", left, cap, NOON)).as("nothing but the rows is counted").isTrue();
            assertThat(counted.reserve("r", Money.usd("0.000000000001"), cap, NOON)).isFalse();
        }
    }

    @Test
    @DisplayName("A37 LiteLLM 14004, 29912: models that cost nothing were kept back by a budget that was used up")
    void a37() {
        var budget = new DailyBudget((route, since) -> new BigDecimal("1.5"));

        assertThat(budget.reserve("r", Money.usd("0.000000000001"), CAP, NOON)).isFalse();
        assertThat(budget.reserve("r", Money.usd("0"), CAP, NOON)).isTrue();
    }

    @Test
    void whatHasNoPriceHasNoPlaceUnderACap() {
        var budget = new DailyBudget((route, since) -> BigDecimal.ZERO);

        assertThat(budget.reserve("r", null, CAP, NOON)).isFalse();
        assertThat(budget.reserve("r", null, null, NOON)).isTrue();
        assertThat(budget.reserve("r", Money.usd("0"), Money.usd("0"), NOON)).as("free copies cost no budget").isTrue();
    }
}
