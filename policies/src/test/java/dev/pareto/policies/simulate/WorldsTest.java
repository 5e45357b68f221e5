package dev.pareto.policies.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.bandit.Choice;
import dev.pareto.policies.price.Money;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class WorldsTest {

    private static final int SEEDS = 8;

    private static List<WorldRun> runs(LongFunction<WorldPlan> plan, int seeds) {
        return LongStream.rangeClosed(1, seeds).mapToObj(seed -> World.run(plan.apply(seed))).toList();
    }

    private static List<WorldRun.Aftermath> aftermaths(List<WorldRun> runs) {
        List<WorldRun.Aftermath> all = new ArrayList<>();
        runs.forEach(run -> all.addAll(run.aftermaths()));
        return all;
    }

    private static double met(List<WorldRun.Aftermath> all) {
        return all.stream().filter(one -> one.share() >= 0.95).count() / (double) all.size();
    }

    @Test
    void theCheapestFeasibleCandidateServesSoonAfterLatencyHealthOrPriceChange() {
        List<WorldRun> runs = runs(Worlds::cheapest, SEEDS);
        assertThat(met(aftermaths(runs))).isEqualTo(1);
        assertThat(aftermaths(runs)).filteredOn(one -> one.change().kind() == WorldPlan.Kind.HEALTH)
                .allSatisfy(one -> assertThat(one.share()).isGreaterThanOrEqualTo(0.95));
        // six changes, five of which call for another model
        assertThat(runs).allSatisfy(
                run -> assertThat(run.switches()).isLessThanOrEqualTo(2 * run.plan().changes().size()));
    }

    @Test
    void theFastestCandidateServesSoonAfterLatencyOrHealthChange() {
        List<WorldRun> runs = runs(Worlds::fastest, SEEDS);
        assertThat(met(aftermaths(runs))).isEqualTo(1);
        assertThat(runs).allSatisfy(
                run -> assertThat(run.switches()).isLessThanOrEqualTo(5 * run.plan().changes().size()));
    }

    @Test
    void worseAnswersAreToldWithinTwiceTheInformationBoundOfTheLabels() {
        List<WorldRun.Aftermath> falls = aftermaths(runs(Worlds::quality, 12));
        double labels = falls.stream().mapToDouble(one -> one.labels() == null ? 1_000 : one.labels()).sum();
        double bounds = falls.stream().mapToDouble(one -> one.bound() == null ? 0 : one.bound()).sum();
        assertThat(labels / bounds).isLessThanOrEqualTo(2);
    }

    @Test
    void steadyModelsAreSeldomTakenForChangedOnes() {
        for (WorldRun run : runs(Worlds::quality, 4)) {
            int change = run.plan().changes().getFirst().request();
            assertThat(run.alarms()).filteredOn(alarm -> alarm.step() < change).isEmpty();
        }
    }

    @Test
    void aBudgetIsSpentEvenlyAndNeverExceeded() {
        for (WorldRun run : runs(Worlds::budget, 4)) {
            Money cap = java.util.Objects.requireNonNull(run.plan().bandit().budget()).cap();
            double most = cap.amount().doubleValue();
            assertThat(run.spent()).isLessThanOrEqualTo(most).isGreaterThan(0.9 * most);
            double half = run.steps()
                    .subList(0, run.steps().size() / 2)
                    .stream()
                    .mapToDouble(WorldRun.Step::cost)
                    .sum();
            assertThat(half).isBetween(0.35 * most, 0.65 * most);
            assertThat(run.steps()).filteredOn(step -> step.chosen() == null).isEmpty();
            // all to the cheap one would bring 0.62, all to the middle one costs more than most budgets
            assertThat(run.steps().stream().mapToDouble(WorldRun.Step::success).average().orElse(0))
                    .isGreaterThan(0.72);
        }
    }

    @Test
    void regretStaysFarBelowThatOfNeverLearning() {
        for (WorldRun run : runs(Worlds::cheapest, 2)) {
            double[] regret = run.regret();
            assertThat(regret[regret.length - 1]).isLessThan(0.25 * run.steps().size());
            assertThat(RegretChart.svg(List.of(run))).contains("<polyline").contains("cheapest of");
        }
    }

    @Test
    void theSameSeedGivesTheSameWorld() {
        WorldRun one = World.run(Worlds.fastest(3));
        WorldRun other = World.run(Worlds.fastest(3));
        assertThat(other.steps()).isEqualTo(one.steps());
    }

    @Test
    void propensitiesSumToOneAndAreMet() {
        WorldRun run = World.run(Worlds.budget(1));
        double expected = 0;
        long explored = 0;
        for (WorldRun.Step step : run.steps()) {
            double sum = step.propensities().values().stream().mapToDouble(Double::doubleValue).sum();
            assertThat(sum).isBetween(1 - 1e-9, 1 + 1e-9);
            expected += 1 - step.propensities().values().stream().mapToDouble(Double::doubleValue).max().orElse(1);
            explored += step.why() == Choice.Why.BEST ? 0 : 1;
        }
        assertThat((double) explored).isBetween(0.8 * expected, 1.2 * expected);
    }
}
