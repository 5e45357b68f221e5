package dev.pareto.proxy.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.dashboards.budget.Taken;
import dev.pareto.dashboards.budget.TopUp;
import dev.pareto.policies.budget.BudgetPeriod;
import dev.pareto.policies.budget.BudgetPeriod.Every;
import dev.pareto.policies.budget.BudgetPlan;
import dev.pareto.policies.budget.BudgetScope;
import dev.pareto.policies.budget.WhenUsedUp;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.meter.Budgets.Call;
import dev.pareto.proxy.meter.Budgets.Hold;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Callers' budgets in memory, with the bugs that others had in theirs. */
final class BudgetDeskTest {

    private static final ModelId MODEL = ModelId.parse("openai/gpt-4o");
    private static final BudgetScope SEARCH = new BudgetScope(Map.of("tag.team", List.of("search")));

    private Instant now = Instant.parse("2026-11-22T12:00:00Z");
    private List<BudgetPlan> plans = List.of();
    private final List<TopUp> grants = new ArrayList<>();
    private Taken ledger = Taken.NOTHING;
    private boolean away;

    @Test
    @DisplayName("A35 LiteLLM 34732, 40095, 26672: concurrent calls passed the check: of 64 x 40 with money for 1,000 exactly 1,000 pass")
    void a35() throws Exception {
        BudgetDesk desk = desk(plan("team", SEARCH, "10"), plan("all", BudgetScope.ALL, "11"));
        try (var threads = Executors.newFixedThreadPool(64)) {
            List<Callable<Integer>> callers = new ArrayList<>();
            for (int caller = 0; caller < 64; caller++) {
                callers.add(() -> {
                    int passed = 0;
                    for (int i = 0; i < 40; i++) {
                        passed += passes(desk, call("search", "0.01")) ? 1 : 0;
                    }
                    return passed;
                });
            }
            int passed = 0;
            for (Future<Integer> one : threads.invokeAll(callers)) {
                passed += one.get();
            }
            assertThat(passed).isEqualTo(1_000);
        }
        assertThat(desk.standings()).extracting(it -> it.reserved().stripTrailingZeros().toPlainString())
                .as("in every budget or in none")
                .containsExactly("10", "10");
    }

    @Test
    @DisplayName("A36 LiteLLM 30460: counters drifted up: after 10,000 random ends nothing is set aside and spent is the sum of the costs")
    void a36() {
        BudgetDesk desk = desk(plan("all", BudgetScope.ALL, "9000000"));
        SplittableRandom random = new SplittableRandom(36);
        List<Hold> open = new ArrayList<>();
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < 10_000; i++) {
            open.add(desk.reserve(call("search", "0.03")));
            Hold hold = open.remove(random.nextInt(open.size()));
            if (random.nextInt(5) == 0) {
                open.add(hold);
                continue;
            }
            BigDecimal cost = new BigDecimal(random.nextInt(40_000)).movePointLeft(6);
            switch (random.nextInt(3)) {
                case 0 -> hold.release();
                case 1 -> {
                    hold.settle(new Money(cost, "USD"));
                    hold.unsettled();
                    sum = sum.add(new BigDecimal("0.03"));
                }
                default -> {
                    hold.settle(new Money(cost, "USD"));
                    hold.release();
                    hold.settle(Money.usd("77"));
                    sum = sum.add(cost);
                }
            }
        }
        open.forEach(Hold::release);

        assertThat(desk.standings().getFirst().reserved()).isEqualByComparingTo("0");
        assertThat(desk.standings().getFirst().spent()).isEqualByComparingTo(sum);
    }

    @Test
    @DisplayName("A37 LiteLLM 14004, 29912: models that cost nothing were blocked by a budget that was used up")
    void a37() {
        BudgetDesk desk = desk(plan("all", BudgetScope.ALL, "0.01"));
        desk.reserve(call("search", "0.01")).settle(Money.usd("0.01"));

        assertThat(passes(desk, call("search", "0.01"))).isFalse();
        assertThat(passes(desk, call("search", "0"))).isTrue();
    }

    @Test
    @DisplayName("A38 LiteLLM 36561, 35914: a model without a price cost nothing, and budgets never fired")
    void a38() {
        BudgetDesk strict = desk(plan("all", BudgetScope.ALL, "1"));
        assertThatThrownBy(() -> strict.reserve(call("search", null))).isInstanceOf(RefusedException.class)
                .hasMessageContaining("unpriced_model");

        BudgetDesk counting = desk(
                new BudgetPlan("all", BudgetScope.ALL, Money.usd("1"), period(Every.DAY, "UTC"), List.of(),
                        WhenUsedUp.REFUSE, List.of(), Money.usd("0.4"), true, null));
        counting.reserve(call("search", null)).settle(null);
        counting.reserve(call("search", null)).settle(Money.usd("0.1"));
        assertThat(counting.standings().getFirst().spent()).as("0.4 for the unknown, 0.1 once it is known")
                .isEqualByComparingTo("0.5");
        assertThat(passes(counting, call("search", null))).isTrue();
        assertThat(passes(counting, call("search", null))).isFalse();
    }

    @Test
    void whatTheLedgerToldCountsAfterARestartAndRowsThatWereOpenAreAskedForAgain() {
        ledger = new Taken(new BigDecimal("0.7"), 0, new BigDecimal("0.2"), 1, 0);
        BudgetDesk desk = desk(plan("all", BudgetScope.ALL, "1"));
        assertThat(passes(desk, call("search", "0.11"))).isFalse();

        ledger = new Taken(new BigDecimal("0.75"), 0, BigDecimal.ZERO, 0, 0);
        desk.look();
        assertThat(desk.standings().getFirst().left()).isEqualByComparingTo("0.25");
        assertThat(passes(desk, call("search", "0.25"))).isTrue();
    }

    @Test
    @DisplayName("LiteLLM 20532: it begins anew when its period does, and a call that began before stays where it began")
    void resets() {
        BudgetDesk desk = desk(
                new BudgetPlan("all", BudgetScope.ALL, Money.usd("1"), period(Every.DAY, "Europe/Berlin"), List.of(),
                        WhenUsedUp.REFUSE, List.of(), null, true, null));
        now = Instant.parse("2026-11-22T22:59:59Z");
        Hold late = desk.reserve(call("search", "1"));
        assertThat(passes(desk, call("search", "0.1"))).isFalse();

        now = Instant.parse("2026-11-22T23:00:00Z");
        assertThat(passes(desk, call("search", "1"))).isTrue();
        late.settle(Money.usd("0.9"));
        assertThat(desk.standings().getFirst().spent()).as("of the new day").isEqualByComparingTo("0");
    }

    @Test
    void aWarningBudgetLetsCallsPassAndATeamsBudgetHoldsForAllItsKeys() {
        BudgetPlan warn = new BudgetPlan("w", BudgetScope.ALL, Money.usd("0.01"), period(Every.DAY, "UTC"), List.of(),
                WhenUsedUp.WARN, List.of(), null, true, null);
        BudgetDesk desk = desk(warn, plan("team", SEARCH, "0.02"));

        assertThat(passes(desk, call("search", "0.01"))).isTrue();
        assertThat(passes(desk, call("search", "0.01"))).as("over the warning one").isTrue();
        assertThat(passes(desk, call("search", "0.01"))).as("over the team's").isFalse();
        assertThat(passes(desk, call("ads", "0.01"))).isTrue();
    }

    @Test
    void aTopUpHoldsUntilItExpiresAndOnlyInItsPeriod() {
        BudgetDesk desk = desk(plan("team", SEARCH, "1"));
        desk.reserve(call("search", "1")).settle(Money.usd("1"));
        grants.add(new TopUp("1", "team", Money.usd("0.5"), "launch", "Ann", now, now.plus(Duration.ofHours(2))));
        desk.look();

        assertThat(passes(desk, call("search", "0.5"))).isTrue();
        now = now.plus(Duration.ofHours(2));
        assertThat(desk.standings().getFirst().limit()).isEqualByComparingTo("1");
        now = now.plus(Duration.ofDays(1));
        assertThat(desk.standings().getFirst().topUps()).isEmpty();
    }

    @Test
    void aLedgerThatIsAwayRefusesOrAllowsAsDeclared() {
        away = true;
        BudgetDesk closed = desk(plan("all", BudgetScope.ALL, "1"));
        assertThatThrownBy(() -> closed.reserve(call("search", "0.1"))).isInstanceOf(RefusedException.class)
                .hasMessageContaining("budget_unknown");
        BudgetDesk open = desk(
                new BudgetPlan("all", BudgetScope.ALL, Money.usd("1"), period(Every.DAY, "UTC"), List.of(),
                        WhenUsedUp.REFUSE, List.of(), null, false, null));
        assertThat(passes(open, call("search", "0.1"))).isTrue();

        away = false;
        closed.look();
        assertThat(passes(closed, call("search", "0.1"))).isTrue();
    }

    @Test
    void aReloadKeepsWhatWasCountedAndChangesTheLimit() {
        BudgetDesk desk = desk(plan("team", SEARCH, "1"));
        desk.reserve(call("search", "1")).settle(Money.usd("0.9"));
        plans = List.of(plan("team", SEARCH, "2"));

        assertThat(desk.standings().getFirst().left()).isEqualByComparingTo("1.1");
    }

    private BudgetDesk desk(BudgetPlan... stated) {
        plans = List.of(stated);
        return new BudgetDesk(() -> plans, (plan, window, at, since) -> {
            if (away) {
                throw new IllegalStateException("the ledger is away");
            }
            return ledger;
        }, () -> List.copyOf(grants), () -> now, false);
    }

    private static BudgetPlan plan(String name, BudgetScope scope, String amount) {
        return new BudgetPlan(name, scope, Money.usd(amount), period(Every.DAY, "UTC"), BudgetPlan.USUAL_THRESHOLDS,
                WhenUsedUp.REFUSE, List.of(), null, true, null);
    }

    private static BudgetPeriod period(Every every, String zone) {
        return BudgetPeriod.every(every, ZoneId.of(zone));
    }

    private Call call(String team, @Nullable String worst) {
        return new Call("acme", Map.of("team", team), "support", MODEL, worst == null ? null : Money.usd(worst), now);
    }

    private static boolean passes(BudgetDesk desk, Call call) {
        try {
            desk.reserve(call);
            return true;
        } catch (RefusedException usedUp) {
            assertThat(usedUp.error().code()).isEqualTo("budget_exceeded");
            assertThat(usedUp.error().status()).isEqualTo(402);
            return false;
        }
    }
}
