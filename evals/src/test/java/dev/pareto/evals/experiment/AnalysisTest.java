package dev.pareto.evals.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import dev.pareto.evals.experiment.Findings.Difference;
import dev.pareto.evals.experiment.Findings.Verdict;
import dev.pareto.evals.stats.Moments;
import dev.pareto.evals.stats.Sample;
import dev.pareto.evals.stats.arms.DeltaMethod;
import dev.pareto.evals.stats.sequential.AsymptoticSequence;
import dev.pareto.policies.experiment.Audience;
import dev.pareto.policies.experiment.ExperimentPlan;
import dev.pareto.policies.experiment.Guard;
import dev.pareto.policies.experiment.Metric;
import dev.pareto.policies.experiment.MissingUnit;
import dev.pareto.policies.experiment.StopRule;
import dev.pareto.policies.experiment.Tolerance;
import dev.pareto.policies.experiment.Unit;
import org.junit.jupiter.api.Test;

final class AnalysisTest {

    private static final Tolerance EFFECT = new Tolerance(0.02, false);

    private static Difference primary(Findings findings) {
        return findings.differences().stream().filter(Difference::primary).findFirst().orElseThrow();
    }

    @Test
    void aRealDifferenceIsFound() {
        ExperimentPlan plan = Trial.plan(2, 4_000, EFFECT, List.of(), Duration.ZERO);
        int found = 0;
        for (int seed = 0; seed < 40; seed++) {
            Trial trial = new Trial(plan, seed, 0.06, 0);
            boolean better = false;
            while (!better && trial.users() < 4_000) {
                better = primary(trial.users(200).look()).verdict() == Verdict.BETTER;
            }
            found += better ? 1 : 0;
        }
        assertThat(found).as("of 40 experiments with 6 points more success").isGreaterThanOrEqualTo(38);
    }

    @Test
    void whatWasSeenBeforeNarrowsTheInterval() {
        ExperimentPlan without = Trial.plan(2, 4_000, EFFECT, List.of(), Duration.ZERO);
        ExperimentPlan with = Trial.plan(2, 4_000, EFFECT, List.of(), Duration.ofDays(30));
        Difference wide = primary(new Trial(without, 5, 0, 0).users(2_000).look());
        Difference narrow = primary(new Trial(with, 5, 0, 0).users(2_000).look());
        assertThat(wide.varianceGone()).isZero();
        assertThat(narrow.varianceGone()).isBetween(0.02, 0.3);
    }

    @Test
    void anArmThatMakesNoDifferenceIsSaidToMakeNone() {
        ExperimentPlan plan = Trial.plan(2, 20_000, new Tolerance(0.08, false), List.of(), Duration.ZERO);
        assertThat(primary(new Trial(plan, 1, 0, 0).users(6_000).look()).verdict()).isEqualTo(Verdict.NO_DIFFERENCE);
    }

    @Test
    void anUnevenSplitStopsTheExperiment() {
        ExperimentPlan plan = Trial.plan(2, 20_000, EFFECT, List.of(), Duration.ZERO);
        Trial trial = new Trial(plan, 3, 0, 0).users(2_000);
        List<Seen> lossy = new ArrayList<>();
        for (Seen seen : trial.seen()) {
            if (seen.arm().equals("arm-0") || (seen.unit() & 7) > 2) {
                lossy.add(seen);
            }
        }
        Findings found = new Analysis(plan).of(lossy);
        assertThat(found.split().mismatch()).isTrue();
        Ruling ruling = Ruling.of(plan, found, Trial.START, Trial.START.plusSeconds(60));
        assertThat(ruling.kind()).isEqualTo(Ruling.Kind.SPLIT);
        assertThat(ruling.reason()).contains("not split as stated");
    }

    @Test
    void anArmThatFailsAlwaysIsStoppedAfterADozenUnitsEach() {
        ExperimentPlan plan = Trial.plan(2, 4_000, EFFECT,
                List.of(new Guard(Metric.named("errors"), new Tolerance(0.02, false))), Duration.ZERO);
        List<Long> users = new ArrayList<>();
        for (int seed = 0; seed < 20; seed++) {
            Trial trial = new Trial(plan, seed, 0, 0.98);
            Ruling ruling = trial.users(2).ruling();
            while (ruling.kind() != Ruling.Kind.GUARD && trial.users() < 400) {
                ruling = trial.users(2).ruling();
            }
            assertThat(ruling.reason())
                    .startsWith("guard errors: arm arm-1 is worse than the control by more than 0.02")
                    .contains("false-alarm probability of all guards 1 %");
            users.add(trial.users());
        }
        assertThat(users).allSatisfy(one -> assertThat(one).isLessThan(60));
    }

    @Test
    void itEndsByTimeAndByUnits() {
        ExperimentPlan plan = Trial.plan(2, 300, EFFECT, List.of(), Duration.ZERO);
        Findings few = new Trial(plan, 1, 0, 0).users(10).look();
        Instant end = Trial.START.plus(plan.stop().horizon());
        assertThat(Ruling.of(plan, few, Trial.START, end.minusSeconds(1)).kind()).isEqualTo(Ruling.Kind.CONTINUE);
        assertThat(Ruling.of(plan, few, Trial.START, end)).extracting(Ruling::kind, Ruling::reason)
                .satisfies(parts -> assertThat(parts.get(0)).isEqualTo(Ruling.Kind.EXHAUSTED))
                .satisfies(parts -> assertThat(parts.get(1).toString())
                        .startsWith("it ran for 14 d; arm arm-1 is undecided"));
        Findings all = new Trial(plan, 1, 0, 0).users(300).look();
        assertThat(Ruling.of(plan, all, Trial.START, Trial.START).reason()).startsWith("all 300 units are in");
    }

    @Test
    void whoeverAnswersARequestCountsForItsArm() {
        ExperimentPlan plan = Trial.plan(2, 300, EFFECT, List.of(new Guard(Metric.named("errors"),
                new Tolerance(0.02, false))), Duration.ZERO);
        Findings found = new Analysis(plan).of(List.of(
                seen("arm-1", 1, 1, 0, false, Map.of("errors", 1.0, "success", 1.0)),
                seen("arm-1", 2, 2, 1, true, Map.of("errors", 0.0, "success", 0.0)),
                seen("arm-0", 3, 3, 2, true, Map.of("errors", 0.0))));
        assertThat(found.arms().get(1)).satisfies(arm -> {
            assertThat(arm.requests()).isEqualTo(2);
            assertThat(arm.delivered()).isEqualTo(1);
            assertThat(arm.values()).containsEntry("errors", 0.5).containsEntry("success", 0.5);
        });
        assertThat(primary(found).lower()).as("too few units").isNull();
    }

    @Test
    void theSameQuestionSoonAgainIsARetry() {
        ExperimentPlan plan = new ExperimentPlan("x", "h", "r", Audience.ALL, 1,
                Trial.plan(2, 300, EFFECT, List.of(), Duration.ZERO).arms(),
                Unit.USER, MissingUnit.LEAVE_OUT, null,
                Metric.named("retries"), EFFECT, List.of(), List.of(), Duration.ofMinutes(5),
                StopRule.DEFAULT, Duration.ZERO);
        Findings found = new Analysis(plan).of(List.of(seen("arm-0", 1, 77, 0, true, Map.of()),
                seen("arm-0", 1, 77, 200, true, Map.of()), seen("arm-0", 1, 77, 600, true, Map.of()),
                seen("arm-0", 1, 78, 601, true, Map.of())));
        assertThat(found.arms().getFirst().values()).containsEntry("retries", 0.25);
    }

    private static Seen seen(String arm, long unit, long ask, long second, boolean delivered,
            Map<String, Double> values) {
        Instant at = Trial.START.plusSeconds(second);
        return new Seen(arm, false, unit, ask, at, at.plusMillis(500), delivered, values);
    }

    @Test
    void contributionsOfUnitsHaveTheMeanAndTheSpreadOfTheRatio() {
        double[] sums = {2, 0, 3, 1};
        double[] counts = {2, 1, 5, 2};
        double[] parts = DeltaMethod.ratio(sums, counts);
        assertThat(Moments.mean(parts)).isCloseTo(0.6, within(1e-12));
        // sum of (y - r n)^2 over (sum of n)^2, the textbook's variance of a ratio of sums
        double squares = 0;
        for (int i = 0; i < 4; i++) {
            squares += Math.pow(sums[i] - 0.6 * counts[i], 2);
        }
        assertThat(Moments.populationVariance(parts) / 4).isCloseTo(squares / 100, within(1e-12));
    }

    @Test
    void contributionsToAQuantileHaveItsSpread() {
        var random = new SplittableRandom(11);
        List<Double> found = new ArrayList<>();
        double stated = 0;
        for (int trial = 0; trial < 300; trial++) {
            double[] values = random.doubles(800).map(u -> -Math.log(u)).toArray();
            int[] units = new int[800];
            Arrays.setAll(units, i -> i / 2);
            double[] parts = DeltaMethod.quantile(values, units, 400, 0.9);
            assertThat(parts).isNotNull();
            if (parts != null) {
                found.add(Moments.mean(parts));
                stated += Math.sqrt(Moments.populationVariance(parts) / 400) / 300;
            }
        }
        double spread = Math.sqrt(
                Moments.sampleVariance(found.stream().mapToDouble(Double::doubleValue).toArray()));
        // theory: sqrt(0.9 * 0.1 / 800) / 0.1
        assertThat(spread).isCloseTo(0.106, within(0.015));
        assertThat(stated).isCloseTo(spread, within(0.02));
        assertThat(DeltaMethod.quantile(new double[]{1, 1, 1, 1}, new int[]{0, 1, 2, 3}, 4, 0.9)).isNull();
    }

    @Test
    void thePValueIsTheLevelAtWhichTheIntervalReachesZero() {
        var random = new SplittableRandom(2);
        Sample one = Sample.of(random.doubles(500).toArray());
        Sample other = Sample.of(random.doubles(700).map(value -> value + 0.05).toArray());
        AsymptoticSequence sequence = AsymptoticSequence.tightestAt(1_000, 0.05);
        double p = sequence.alwaysValidP(one, other);
        assertThat(p).isBetween(1e-9, 0.99);
        var interval = new AsymptoticSequence(p, sequence.rho2()).difference(one, other);
        assertThat(Math.min(Math.abs(interval.lower()), Math.abs(interval.upper()))).isCloseTo(0, within(1e-12));
        assertThat(sequence.alwaysValidP(Sample.of(1, 2), other)).isEqualTo(1);
    }
}
