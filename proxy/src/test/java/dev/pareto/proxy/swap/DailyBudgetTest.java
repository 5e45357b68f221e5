package dev.pareto.proxy.swap;

import static java.util.Objects.requireNonNull;
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

        DailyBudget.Hold first = budget.reserve("r", worst, CAP, NOON);
        assertThat(first).as("0.5 of before the start and 0.3").isNotNull();
        assertThat(budget.reserve("r", worst, CAP, NOON)).isNull();
        requireNonNull(first).settle(Money.usd("0.1"));
        first.settle(Money.usd("0"));
        DailyBudget.Hold second = budget.reserve("r", worst, CAP, NOON);
        assertThat(second).isNotNull();
        requireNonNull(second).settle(null);
        assertThat(budget.reserve("r", worst, CAP, NOON)).as("what is not known stands at its worst").isNull();
        Instant tomorrow = NOON.plus(Duration.ofHours(12));
        assertThat(budget.reserve("r", Money.usd("1"), CAP, tomorrow)).isNotNull();
        second.settle(Money.usd("0"));
        assertThat(budget.reserve("r", worst, CAP, tomorrow)).as("yesterday's is none of today's").isNull();
    }

    @Test
    void whatIsNotCappedTakesNothingFromWhatIs() {
        var budget = new DailyBudget((route, since) -> BigDecimal.ZERO);
        assertThat(budget.reserve("r", Money.usd("0.9"), CAP, NOON)).isNotNull();

        requireNonNull(budget.reserve("r", Money.usd("0.9"), null, NOON)).settle(Money.usd("0"));

        assertThat(budget.reserve("r", Money.usd("0.9"), CAP, NOON)).isNull();
    }

    @Test
    @DisplayName("A35 LiteLLM 34732, 40095, 26672: calls at the same time passed a budget that had no room for them all")
    void a35() throws Exception {
        var budget = new DailyBudget((route, since) -> BigDecimal.ZERO);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> calls = Collections.nCopies(8,
                    () -> budget.reserve("r", Money.usd("0.0125"), Money.usd("0.05"), NOON) != null);
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
            DailyBudget.Hold hold = requireNonNull(budget.reserve("r", worst, cap, NOON));
            switch (random.nextInt(3)) {
                case 0 -> { // answered
                    Money cost = Money.usd(BigDecimal.valueOf(random.nextLong(0, 100_000_000), 12).toPlainString());
                    hold.settle(cost);
                    rows[0] = rows[0].add(cost.amount());
                }
                case 1 -> hold.settle(Money.usd("0")); // refused
                default -> rows[0] = rows[0].add(worst.amount()); // nobody settled it: it expires at its reservation
            }
        }
        for (var counted : List.of(budget, new DailyBudget((route, since) -> rows[0]))) {
            Money left = Money.usd(cap.amount().subtract(rows[0]).toPlainString());
            assertThat(counted.reserve("r", left, cap, NOON)).as("nothing but the rows is counted").isNotNull();
            assertThat(counted.reserve("r", Money.usd("0.000000000001"), cap, NOON)).isNull();
        }
    }

    @Test
    @DisplayName("A37 LiteLLM 14004, 29912: models that cost nothing were kept back by a budget that was used up")
    void a37() {
        var budget = new DailyBudget((route, since) -> new BigDecimal("1.5"));

        assertThat(budget.reserve("r", Money.usd("0.000000000001"), CAP, NOON)).isNull();
        assertThat(budget.reserve("r", Money.usd("0"), CAP, NOON)).isNotNull();
    }

    @Test
    void whatHasNoPriceHasNoPlaceUnderACap() {
        var budget = new DailyBudget((route, since) -> BigDecimal.ZERO);

        assertThat(budget.reserve("r", null, CAP, NOON)).isNull();
        assertThat(budget.reserve("r", null, null, NOON)).isNotNull();
        assertThat(budget.reserve("r", Money.usd("0"), Money.usd("0"), NOON)).as("free copies cost no budget")
                .isNotNull();
    }
}
