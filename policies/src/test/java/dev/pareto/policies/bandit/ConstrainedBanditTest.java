package dev.pareto.policies.bandit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ConstrainedBanditTest {

    private static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");
    private static final ModelId CHEAP = ModelId.parse("a/cheap");
    private static final ModelId DEAR = ModelId.parse("b/dear");
    private static final Context ANY = new Context("support", new double[]{1});

    private static Option option(ModelId model, String cost, @Nullable Double prior, boolean suspended) {
        return new Option(model, Money.usd(cost), Money.usd(cost), 1, prior, prior == null ? 0 : 300, suspended,
                false);
    }

    private static List<Option> both() {
        return List.of(option(CHEAP, "0.001", 0.95, false), option(DEAR, "0.01", 0.95, false));
    }

    private static ModelId model(Choice choice) {
        return ((Choice.Chosen) choice).model();
    }

    @Test
    void choosesNothingThatIsNotAnOption() {
        var bandit = new ConstrainedBandit(BanditPlan.cheapest(null, 0.001, 1), 1);
        for (int i = 0; i < 500; i++) {
            Choice choice = bandit.choose("r" + i, "r" + i, ANY, List.of(option(DEAR, "0.01", null, false)), NOW);
            assertThat(model(choice)).isEqualTo(DEAR);
        }
        assertThat(bandit.choose("none", "none", ANY, List.of(), NOW)).isInstanceOf(Choice.Nothing.class);
    }

    @Test
    void leavesAModelWhoseLowerBoundFallsBelowTheFloor() {
        var bandit = new ConstrainedBandit(BanditPlan.cheapest(0.8, 0.001, 1), 1);
        var random = new SplittableRandom(1);
        for (int i = 0; i < 2_000; i++) {
            ModelId model = model(bandit.choose("r" + i, "r" + i, ANY, both(), NOW));
            bandit.label("r" + i, random.nextDouble() < (model.equals(CHEAP) ? 0.6 : 0.95) ? 1 : 0);
        }
        long cheap = 0;
        for (int i = 0; i < 500; i++) {
            cheap += model(bandit.choose("s" + i, "s" + i, ANY, both(), NOW)).equals(CHEAP) ? 1 : 0;
        }
        assertThat(cheap).isLessThan(20);
    }

    @Test
    void aUnitKeepsItsModel() {
        var bandit = new ConstrainedBandit(BanditPlan.fastest(null, 0.001, 7), 1);
        for (int unit = 0; unit < 200; unit++) {
            ModelId first = model(bandit.choose("a" + unit, "u" + unit, ANY, both(), NOW));
            for (int again = 0; again < 3; again++) {
                Choice.Chosen next = (Choice.Chosen) bandit.choose(unit + "-" + again, "u" + unit, ANY, both(), NOW);
                assertThat(next.model()).isEqualTo(first);
                assertThat(next.why()).isEqualTo(Choice.Why.STAYS);
            }
        }
    }

    @Test
    void aNewModelGetsItsTrials() {
        var bandit = new ConstrainedBandit(BanditPlan.cheapest(null, 0.001, 3), 1);
        int tried = 0;
        for (int i = 0; i < 6_400; i++) {
            tried += model(bandit.choose("r" + i, "r" + i, ANY, both(), NOW)).equals(DEAR) ? 1 : 0;
        }
        // 1 % explored; 0.5 % more until there were 50 trials
        assertThat(tried).isBetween(70, 100);
    }

    @Test
    void aSuspendedModelIsProbedOnlyWhereItWouldWin() {
        var bandit = new ConstrainedBandit(BanditPlan.cheapest(null, 0.001, 3), 1);
        List<Option> cheapSuspended = List.of(option(CHEAP, "0.001", null, true), option(DEAR, "0.01", null, false));
        List<Option> dearSuspended = List.of(option(CHEAP, "0.001", null, false), option(DEAR, "0.01", null, true));
        int probes = 0;
        for (int i = 0; i < 640; i++) {
            probes += model(bandit.choose("r" + i, "r" + i, ANY, cheapSuspended, NOW)).equals(CHEAP) ? 1 : 0;
            assertThat(model(bandit.choose("s" + i, "s" + i, ANY, dearSuspended, NOW))).isEqualTo(CHEAP);
        }
        assertThat(probes).isBetween(8, 24);
    }

    @Test
    void spendingStopsShortOfTheCapUntilTheNextDay() {
        var plan = BanditPlan.best(new Budget(Money.usd("0.05"), Budget.Horizon.DAY), 0.001, 1);
        var bandit = new ConstrainedBandit(plan, 1);
        List<Option> dear = List.of(option(DEAR, "0.01", 0.9, false));
        List<Choice> choices = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            choices.add(bandit.choose("r" + i, "r" + i, ANY, dear, NOW.plusSeconds(i)));
        }
        assertThat(choices.subList(0, 5)).allMatch(Choice.Chosen.class::isInstance);
        assertThat(choices.subList(5, 8)).allMatch(Choice.BudgetSpent.class::isInstance);
        for (int i = 0; i < 5; i++) {
            bandit.settle("r" + i, new java.math.BigDecimal("0.01"), NOW.plusSeconds(60));
        }
        assertThat(bandit.choose("late", "late", ANY, dear, NOW.plus(Duration.ofHours(23))))
                .isInstanceOf(Choice.BudgetSpent.class);
        assertThat(bandit.choose("next", "next", ANY, dear, NOW.plus(Duration.ofHours(24))))
                .isInstanceOf(Choice.Chosen.class);
    }

    @Test
    void aRequestThatIsForgottenUnendedIsSpentAndNoLongerReserved() {
        var plan = BanditPlan.best(new Budget(Money.usd("1000000"), Budget.Horizon.DAY), 0.001, 1);
        var bandit = new ConstrainedBandit(plan, 1);
        List<Option> dear = List.of(option(DEAR, "0.01", 0.9, false));
        for (int i = 0; i < 100_005; i++) {
            bandit.choose("r" + i, "r" + i, ANY, dear, NOW);
        }
        BanditState state = bandit.state();
        assertThat(state.open()).hasSize(100_000);
        assertThat(Objects.requireNonNull(state.pacer()).reserved()).isEqualByComparingTo("1000");
        assertThat(state.pacer().spent()).isEqualByComparingTo("0.05");
    }

    @Test
    void itsStateIsOfOneMomentThoughChoicesAreMadeMeanwhile() throws Exception {
        var bandit = new ConstrainedBandit(BanditPlan.cheapest(null, 0.001, 1), 1);
        List<Option> both = both();
        try (var chooser = Executors.newSingleThreadExecutor()) {
            Future<?> choosing = chooser.submit(() -> {
                for (int i = 0; i < 20_000; i++) {
                    bandit.choose("r" + i, "u" + i, ANY, both, NOW);
                }
            });
            int looks = 0;
            while (!choosing.isDone() || looks == 0) {
                BanditState state = bandit.state();
                long chosen = state.heads().values().stream().mapToLong(SuccessHead.State::chosen).sum();
                assertThat(state.open()).hasSize((int) chosen);
                assertThat(state.units()).hasSize((int) chosen);
                assertThat(state.draws()).isEqualTo(chosen);
                looks++;
            }
            choosing.get();
        }
        assertThat(bandit.state().open().keySet()).startsWith("r0", "r1", "r2").hasSize(20_000);
    }

    @Test
    void goesOnFromItsWrittenStateAsIfNothingHadHappened() {
        var plan = BanditPlan.best(new Budget(Money.usd("5"), Budget.Horizon.MONTH), 0.001, 5);
        var bandit = new ConstrainedBandit(plan, 1);
        var random = new SplittableRandom(2);
        for (int i = 0; i < 300; i++) {
            bandit.choose("r" + i, "u" + i % 40, ANY, both(), NOW.plusSeconds(i));
            bandit.settle("r" + i, new java.math.BigDecimal("0.001"), NOW.plusSeconds(i));
            if (i % 2 == 0) {
                bandit.label("r" + i, random.nextDouble() < 0.8 ? 1 : 0);
            }
        }
        var other = new ConstrainedBandit(plan, BanditJson.read(BanditJson.write(bandit.state())));
        for (int i = 300; i < 600; i++) {
            Instant at = NOW.plusSeconds(i);
            assertThat(other.choose("r" + i, "u" + i, ANY, both(), at))
                    .isEqualTo(bandit.choose("r" + i, "u" + i, ANY, both(), at));
            assertThat(other.label("r" + (i - 1), 1)).isEqualTo(bandit.label("r" + (i - 1), 1));
        }
        assertThatThrownBy(() -> BanditJson.read("{\"dimension\": \"x\"}"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLabelCountsOnceAndOnlyWhereItIsWaitedFor() {
        var bandit = new ConstrainedBandit(BanditPlan.cheapest(null, 0.001, 1), 1);
        bandit.choose("r", "r", ANY, both(), NOW);
        bandit.label("r", 1);
        bandit.label("r", 0);
        bandit.label("unknown", 1);
        assertThat(bandit.labels(CHEAP) + bandit.labels(DEAR)).isEqualTo(1);
        bandit.choose("old", "old", ANY, both(), NOW);
        bandit.choose("new", "new", ANY, both(), NOW.plus(Duration.ofDays(2)));
        bandit.label("old", 1);
        assertThat(bandit.labels(CHEAP) + bandit.labels(DEAR)).isEqualTo(1);
    }
}
