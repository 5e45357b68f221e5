package dev.pareto.policies.offpolicy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.bandit.BanditPlan;
import dev.pareto.policies.bandit.Budget;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.simulate.World;
import dev.pareto.policies.simulate.WorldPlan;
import dev.pareto.policies.simulate.WorldRun;
import dev.pareto.policies.simulate.Worlds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Estimates from a learning bandit's own log against the truth that the world knows. */
final class CoverageTest {

    private static final int SEEDS = 200;
    private static final int REQUESTS = 500;

    private static WorldPlan plan(long seed) {
        WorldPlan base = Worlds.budget(seed);
        BanditPlan best = base.bandit();
        var bandit = new BanditPlan(best.accuracy(), best.cost(), best.latency(), best.costUnit(), null,
                best.confidence(), best.optimism(), 0.15, 0.01, 0.05, 0.01, 50, best.gain(), best.forgetting(),
                best.ridge(),
                best.falseAlarms(), Duration.ofDays(1), new Budget(Money.usd("0.75"), Budget.Horizon.DAY), seed);
        ModelId middle = base.start().keySet().stream().toList().get(1);
        // the middle one gets worse half-way: what is judged does not stand still
        List<WorldPlan.Change> changes = List.of(new WorldPlan.Change(REQUESTS / 2, middle, WorldPlan.Kind.QUALITY,
                Objects.requireNonNull(base.start().get(middle)).good(0.66)));
        return new WorldPlan(base.name(), base.start(), changes, base.objective(), null, base.measured(), bandit,
                REQUESTS, REQUESTS / 86_400.0, 0.5, base.labelDelay(), seed);
    }

    /** Mean outcome of each model in the other half of the log: a model of outcomes that has not seen the request. */
    private static Map<String, Double> means(List<WorldRun.Step> steps, Function<WorldRun.Step, Double> outcome) {
        Map<String, double[]> sums = new HashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            double[] sum = sums.computeIfAbsent(i % 2 + " " + steps.get(i).chosen(), key -> new double[2]);
            sum[0] += outcome.apply(steps.get(i));
            sum[1]++;
        }
        Map<String, Double> means = new HashMap<>();
        sums.forEach((key, sum) -> means.put(key, sum[0] / sum[1]));
        return means;
    }

    private interface Truth {
        double of(WorldRun.Truth truth);
    }

    private static final class Tally {
        private final Map<String, int[]> counts = new HashMap<>();

        void add(String name, Estimate estimate, double truth) {
            int[] count = counts.computeIfAbsent(name + " " + estimate.method(), key -> new int[2]);
            count[0] += estimate.low() <= truth && truth <= estimate.high() ? 1 : 0;
            count[1]++;
        }

        Tally plus(Tally other) {
            var sum = new Tally();
            for (Tally one : List.of(this, other)) {
                one.counts.forEach((name, count) -> {
                    int[] both = sum.counts.computeIfAbsent(name, key -> new int[2]);
                    both[0] += count[0];
                    both[1] += count[1];
                });
            }
            return sum;
        }
    }

    private static void judge(WorldRun run, String name, Function<WorldRun.Step, ModelId> policy,
            Function<WorldRun.Step, Double> outcome, Truth truth, double most, Tally tally) {
        List<WorldRun.Step> steps = run.steps().stream().filter(step -> step.chosen() != null).toList();
        Map<String, Double> means = means(steps, outcome);
        List<Sample> samples = new ArrayList<>();
        double known = 0;
        for (int i = 0; i < steps.size(); i++) {
            WorldRun.Step step = steps.get(i);
            ModelId target = policy.apply(step);
            known += truth.of(Objects.requireNonNull(step.truths().get(target)));
            String half = (i + 1) % 2 + " ";
            samples.add(new Sample(target.equals(step.chosen()) ? 1 / step.propensity() : 0, outcome.apply(step),
                    means.getOrDefault(half + step.chosen(), 0.0), means.getOrDefault(half + target, 0.0), "r" + i));
        }
        for (Method method : Method.values()) {
            tally.add(name, OffPolicy.estimate(method, samples, 0, most), known / steps.size());
        }
    }

    @Test
    void intervalsCoverTheTruth() {
        Tally tally = LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .mapToObj(CoverageTest::judged)
                .reduce(new Tally(), Tally::plus);
        tally.counts.forEach((name, count) -> assertThat((double) count[0] / count[1]).as(name)
                .isGreaterThanOrEqualTo(0.93));
        assertThat(tally.counts).hasSize(9);
    }

    private static Tally judged(long seed) {
        var tally = new Tally();
        WorldRun run = World.run(plan(seed));
        List<ModelId> models = List.copyOf(run.plan().start().keySet());
        Function<WorldRun.Step, ModelId> always = step -> models.get(1);
        Function<WorldRun.Step, ModelId> byEase = step -> models.get(step.ease() < 0 ? 2 : 0);
        judge(run, "reward, always the middle one", always, WorldRun.Step::reward, WorldRun.Truth::success, 1,
                tally);
        judge(run, "reward, by how hard it is", byEase, WorldRun.Step::reward, WorldRun.Truth::success, 1, tally);
        judge(run, "cost, by how hard it is", byEase, WorldRun.Step::cost, WorldRun.Truth::cost,
                Double.POSITIVE_INFINITY, tally);
        return tally;
    }
}
