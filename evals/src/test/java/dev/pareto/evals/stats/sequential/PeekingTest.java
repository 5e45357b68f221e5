package dev.pareto.evals.stats.sequential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Sample;

import org.junit.jupiter.api.Test;

/** What holds at every look must miss at most alpha of the time although one looks after every observation. */
final class PeekingTest {

    private static final int STREAMS = 1_000;
    private static final int LENGTH = 1_000;
    private static final double ALPHA = 0.05;
    private static final double MOST = ALPHA + 3 * Math.sqrt(ALPHA * (1 - ALPHA) / STREAMS);
    private static final double MEAN = 0.3;

    /** Takes an observation and says whether the truth is missed now. */
    private interface Look {
        boolean missesAfter(double x);
    }

    @Test
    void theEmpiricalBernsteinBoundHolds() {
        assertThat(missed(random -> bernoulli(random, MEAN), () -> {
            EmpiricalBernstein bound = new EmpiricalBernstein(ALPHA);
            return x -> {
                bound.add(x);
                return bound.highest() > MEAN;
            };
        })).isLessThanOrEqualTo(MOST);
    }

    @Test
    void theTwoSidedSequenceHolds() {
        assertThat(missed(random -> bernoulli(random, MEAN), () -> {
            ConfidenceSequence sequence = new ConfidenceSequence(ALPHA, EmpiricalBernstein::new);
            return x -> {
                sequence.add(x);
                return !sequence.interval().contains(MEAN);
            };
        })).isLessThanOrEqualTo(MOST);
    }

    @Test
    void bettingAgainstTheTruthSeldomPays() {
        for (BettingProcess.Against side : BettingProcess.Against.values()) {
            assertThat(missed(random -> bernoulli(random, MEAN), () -> {
                BettingProcess process = new BettingProcess(side, MEAN, ALPHA);
                return x -> {
                    process.add(x);
                    return process.alwaysValidP() <= ALPHA;
                };
            })).isLessThanOrEqualTo(MOST);
        }
    }

    @Test
    void evidenceAgainstAHealthyRateIsRare() {
        assertThat(missed(random -> bernoulli(random, 0.02), () -> {
            RateProcess process = new RateProcess(0.02, 0.05);
            return x -> {
                process.add(x);
                return process.alwaysValidP() <= ALPHA;
            };
        })).isLessThanOrEqualTo(MOST);
    }

    @Test
    void theMixtureTestHoldsForNormalData() {
        assertThat(missed(SplittableRandom::nextGaussian, () -> {
            MixtureSprt test = new MixtureSprt(0, 1, 0.01);
            return x -> {
                test.add(x);
                return test.alwaysValidP() <= ALPHA;
            };
        })).isLessThanOrEqualTo(MOST);
    }

    @Test
    void theAsymptoticSequenceHoldsAfterItsBurnIn() {
        AsymptoticSequence sequence = AsymptoticSequence.tightestAt(500, ALPHA);
        assertThat(missed(random -> -Math.log1p(-random.nextDouble()), () -> {
            Sample[] sample = {Sample.EMPTY};
            return x -> {
                sample[0] = sample[0].add(x);
                return !sequence.interval(sample[0]).contains(1);
            };
        })).isLessThanOrEqualTo(MOST);
    }

    @Test
    void theDifferenceOfTwoUnequalArmsHolds() {
        AsymptoticSequence sequence = AsymptoticSequence.tightestAt(500, ALPHA);
        assertThat(missed(SplittableRandom::nextDouble, () -> {
            SplittableRandom assign = new SplittableRandom(7);
            Sample[] arms = {Sample.EMPTY, Sample.EMPTY};
            return x -> {
                int arm = assign.nextDouble() < 0.3 ? 1 : 0;
                arms[arm] = arms[arm].add(arm == 1 ? 3 * x : x);
                Interval difference = sequence.difference(arms[1], arms[0]);
                return !difference.contains(1) || sequence.differenceAtLeast(arms[1], arms[0]) < difference.lower();
            };
        })).isLessThanOrEqualTo(MOST);
    }

    @Test
    void theHedgedSequenceIsTighterThanBernsteinsAndThatThanHoeffdings() {
        SplittableRandom random = new SplittableRandom(1);
        BettingSequence betting = new BettingSequence(ALPHA);
        ConfidenceSequence bernstein = new ConfidenceSequence(ALPHA, EmpiricalBernstein::new);
        ConfidenceSequence hoeffding = new ConfidenceSequence(ALPHA, PredictableHoeffding::new);
        for (int i = 0; i < LENGTH; i++) {
            double x = bernoulli(random, 0.05);
            betting.add(x);
            bernstein.add(x);
            hoeffding.add(x);
        }
        assertThat(betting.interval().contains(0.05)).isTrue();
        assertThat(width(betting.interval())).isLessThan(width(bernstein.interval()));
        assertThat(width(bernstein.interval())).isLessThan(width(hoeffding.interval()));
    }

    private static double width(Interval interval) {
        return interval.upper() - interval.lower();
    }

    private static double bernoulli(SplittableRandom random, double mean) {
        return random.nextDouble() < mean ? 1 : 0;
    }

    private static double missed(ToDoubleFunction<SplittableRandom> draw, Supplier<Look> looks) {
        int missed = 0;
        for (int seed = 0; seed < STREAMS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Look look = looks.get();
            boolean ever = false;
            for (int i = 0; i < LENGTH && !ever; i++) {
                ever = look.missesAfter(draw.applyAsDouble(random));
            }
            missed += ever ? 1 : 0;
        }
        return (double) missed / STREAMS;
    }
}
