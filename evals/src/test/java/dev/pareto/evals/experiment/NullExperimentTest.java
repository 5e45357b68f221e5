package dev.pareto.evals.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import dev.pareto.evals.experiment.Findings.Difference;
import dev.pareto.evals.experiment.Findings.GuardState;
import dev.pareto.evals.experiment.Findings.Verdict;
import dev.pareto.evals.stats.Sample;
import dev.pareto.evals.stats.sequential.AsymptoticSequence;
import dev.pareto.policies.experiment.ExperimentPlan;
import dev.pareto.policies.experiment.Guard;
import dev.pareto.policies.experiment.Metric;
import dev.pareto.policies.experiment.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Experiments whose arms are all the same, looked at all the time: how often are they called different? */
final class NullExperimentTest {

    private static final double ALPHA = 0.05;

    /** Three standard errors of a share of {@code rate} among so many seeds. */
    private static double bound(double rate, int seeds) {
        return rate + 3 * Math.sqrt(rate * (1 - rate) / seeds);
    }

    @ParameterizedTest
    @CsvSource({"0.5", "0.1", "0.03"})
    void ratesLookedAtAfterEveryUnit(double rate) {
        assertThat(calledDifferent(random -> random.nextDouble() < rate ? 1 : 0))
                .isLessThanOrEqualTo(bound(ALPHA, 2_000));
    }

    @Test
    void skewedCostsLookedAtAfterEveryUnit() {
        assertThat(calledDifferent(random -> Math.exp(random.nextGaussian()))).isLessThanOrEqualTo(bound(ALPHA, 2_000));
    }

    private static double calledDifferent(ToDoubleFunction<SplittableRandom> value) {
        int wrong = 0;
        for (int seed = 0; seed < 2_000; seed++) {
            var random = new SplittableRandom(seed);
            AsymptoticSequence sequence = AsymptoticSequence.tightestAt(1_000, ALPHA);
            Sample one = Sample.EMPTY;
            Sample other = Sample.EMPTY;
            boolean called = false;
            for (int unit = 0; unit < 2_000 && !called; unit++) {
                if (random.nextBoolean()) {
                    one = one.add(value.applyAsDouble(random));
                } else {
                    other = other.add(value.applyAsDouble(random));
                }
                called = sequence.alwaysValidP(one, other) <= ALPHA;
            }
            wrong += called ? 1 : 0;
        }
        return wrong / 2_000.0;
    }

    /** Whole looks: users with habits of their own who ask one to five times, three arms, guards, the split, a quantile. */
    @ParameterizedTest
    @CsvSource({"2, 0", "3, 30"})
    void wholeExperimentsOfUsersWithHabits(int arms, int daysBefore) {
        int seeds = 500;
        ExperimentPlan plan = Trial.plan(arms, 1_000, new Tolerance(0.05, false),
                List.of(new Guard(Metric.named("errors"), new Tolerance(0.02, false)),
                        new Guard(Metric.named("latency"), new Tolerance(0, true))),
                Duration.ofDays(daysBefore));
        List<Seen> trials = IntStream.range(0, seeds).parallel().mapToObj(seed -> seen(plan, seed)).toList();
        assertThat(share(trials, Seen::called)).as("called different").isLessThanOrEqualTo(bound(ALPHA, seeds));
        assertThat(share(trials, Seen::alarm)).as("stopped by a guard").isLessThanOrEqualTo(bound(0.01, seeds));
        assertThat(share(trials, Seen::mismatch)).as("split refused").isLessThanOrEqualTo(bound(0.001, seeds));
        assertThat(share(trials, Seen::quantile)).as("quantile missed").isLessThanOrEqualTo(bound(ALPHA, seeds));
    }

    /** What was wrong at one of the looks at least. */
    private record Seen(boolean called, boolean alarm, boolean mismatch, boolean quantile) {}

    private static Seen seen(ExperimentPlan plan, int seed) {
        Trial trial = new Trial(plan, seed, 0, 0);
        boolean called = false;
        boolean alarm = false;
        boolean mismatch = false;
        boolean quantile = false;
        for (int look = 0; look < 20; look++) {
            Findings found = trial.users(50).look();
            called |= found.differences().stream().anyMatch(NullExperimentTest::called);
            alarm |= found.guards().stream().anyMatch(GuardState::alarm);
            mismatch |= found.split().mismatch();
            quantile |= found.differences()
                    .stream()
                    .filter(one -> one.metric().equals("latency-p95") && one.arm().equals("arm-1"))
                    .anyMatch(NullExperimentTest::excludesZero);
        }
        return new Seen(called, alarm, mismatch, quantile);
    }

    private static double share(List<Seen> trials, Predicate<Seen> what) {
        return trials.stream().filter(what).count() / (double) trials.size();
    }

    private static boolean called(Difference one) {
        return one.primary() && (one.verdict() == Verdict.BETTER || one.verdict() == Verdict.WORSE);
    }

    private static boolean excludesZero(Difference one) {
        return one.lower() != null && one.upper() != null && (one.lower() > 0 || one.upper() < 0);
    }

    /** At the very edge of what is tolerated, where a wrong alarm is likeliest. */
    @Test
    void theExactGuardKeepsItsWordAtTheEdge() {
        int seeds = 4_000;
        int alarms = 0;
        for (int seed = 0; seed < seeds; seed++) {
            var random = new SplittableRandom(seed);
            List<Double> losses = new ArrayList<>();
            List<Double> others = new ArrayList<>();
            for (int unit = 0; unit < 1_000; unit++) {
                losses.add(random.nextDouble() < 0.07 ? 1.0 : 0.0);
                others.add(random.nextDouble() < 0.05 ? 1.0 : 0.0);
            }
            alarms += PairedLosses.logEvidence(losses, others, 0.02) >= -Math.log(ALPHA) ? 1 : 0;
        }
        assertThat(alarms / (double) seeds).isLessThanOrEqualTo(bound(ALPHA, seeds)).isPositive();
    }
}
