package dev.pareto.evals.stats.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Sample;
import dev.pareto.evals.stats.sequential.BettingProcess.Against;
import dev.pareto.policies.swap.Outcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SequentialEdgesTest {

    private static final Interval UNIT = new Interval(0, 1);

    @Test
    void beforeTheFirstObservationNothingIsKnown() {
        assertThat(new EmpiricalBernstein(0.05).lower()).isZero();
        assertThat(new PredictableHoeffding(0.05).highest()).isZero();
        assertThat(new ConfidenceSequence(0.05, EmpiricalBernstein::new).interval()).isEqualTo(UNIT);
        assertThat(new ConfidenceSequence(0.05, EmpiricalBernstein::new).difference()).isEqualTo(new Interval(-1, 1));
        assertThat(new BettingSequence(0.05).interval()).isEqualTo(UNIT);
        assertThat(new BettingProcess(Against.AT_MOST, 0.5, 0.05).alwaysValidP()).isEqualTo(1);
        assertThat(new MixtureSprt(0, 1, 1).alwaysValidP()).isEqualTo(1);
        assertThat(new RateProcess(0.01, 0.02).logEvidence()).isZero();
        assertThat(PluginGro.lowerBound(new double[0], 0.02, 0.05, PluginGro.Parameters.STANDARD)).isEqualTo(-1);
        assertThat(AsymptoticSequence.tightestAt(500, 0.05).interval(Sample.EMPTY).upper()).isInfinite();
        assertThat(AsymptoticSequence.tightestAt(500, 0.05).difference(Sample.EMPTY, Sample.EMPTY).lower())
                .isInfinite();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, -0.1, 1.1, Double.POSITIVE_INFINITY})
    void whatIsNoScoreIsRefused(double x) {
        assertThatIllegalArgumentException().isThrownBy(() -> new EmpiricalBernstein(0.05).add(x))
                .withMessageContaining("not within [0, 1]");
        assertThatIllegalArgumentException().isThrownBy(() -> new PredictableHoeffding(0.05).add(x));
        assertThatIllegalArgumentException().isThrownBy(() -> new BettingSequence(0.05).add(x));
        assertThatIllegalArgumentException().isThrownBy(() -> new BettingProcess(Against.AT_LEAST, 0.5, 0.05).add(x));
        assertThatIllegalArgumentException().isThrownBy(() -> new RateProcess(0.01, 0.02).add(x));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, 0, 1, -1, 2})
    void whatIsNoAlphaIsRefused(double alpha) {
        assertThatIllegalArgumentException().isThrownBy(() -> new EmpiricalBernstein(alpha))
                .withMessageContaining("alpha");
        assertThatIllegalArgumentException().isThrownBy(() -> new PredictableHoeffding(alpha));
        assertThatIllegalArgumentException().isThrownBy(() -> new BettingSequence(alpha));
        assertThatIllegalArgumentException().isThrownBy(() -> AsymptoticSequence.tightestAt(10, alpha));
        assertThatIllegalArgumentException().isThrownBy(() -> UniformBoundary.normalTwoSided(1, alpha, 10));
        assertThatIllegalArgumentException().isThrownBy(() -> BernoulliSequence.interval(1, 2, alpha, 10));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PluginGro(0.02, alpha, 1, PluginGro.Parameters.STANDARD));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-300, 1e-9, 0.5, 0.999})
    void extremeAlphasStayInRange(double alpha) {
        for (double value : new double[]{0, 0.5, 1}) {
            ConfidenceSequence sequence = new ConfidenceSequence(alpha, EmpiricalBernstein::new);
            BettingSequence betting = new BettingSequence(alpha);
            PluginGro gro = new PluginGro(0.02, alpha, 1, PluginGro.Parameters.STANDARD);
            for (int i = 0; i < 3_000; i++) {
                sequence.add(value);
                betting.add(value);
                gro.add(0);
            }
            assertThat(sequence.interval().contains(value)).isTrue();
            assertThat(betting.interval().lower()).isBetween(0.0, value);
            assertThat(betting.interval().upper()).isBetween(value, 1.0);
            assertThat(gro.alwaysValidP()).isBetween(0.0, 1.0);
        }
        Interval interval = BernoulliSequence.interval(3, 1_000, alpha, 100);
        assertThat(interval.lower()).isBetween(0.0, 0.003);
        assertThat(interval.upper()).isBetween(0.003, 1.0);
        assertThat(UniformBoundary.normalOneSided(0, alpha, 100)).isPositive().isFinite();
        assertThat(UniformBoundary.gammaExponential(1e6, alpha, 100, 1)).isPositive().isFinite();
        assertThat(UniformBoundary.polynomialStitching(0, alpha, 1, 1, 1.4, 2)).isPositive().isFinite();
    }

    @Test
    void modelsThatNeverDifferAreSoonFoundGoodEnough() {
        PluginGro process = new PluginGro(0.02, 0.05, 1, PluginGro.Parameters.STANDARD);
        while (process.outcome() == Outcome.INCONCLUSIVE) {
            process.add(0);
        }
        assertThat(process.outcome()).isEqualTo(Outcome.NON_INFERIOR);
        assertThat(process.n()).isLessThan(300);
    }

    @Test
    void allWorseIsFoundInferiorAndTheBoundsSaySo() {
        double[] worst = new double[200];
        Arrays.fill(worst, -1);
        PluginGro process = new PluginGro(0.02, 0.05, 1, PluginGro.Parameters.STANDARD);
        for (double d : worst) {
            process.add(d);
        }
        assertThat(process.outcome()).isEqualTo(Outcome.INFERIOR);
        assertThat(process.alwaysValidP()).isEqualTo(1);
        assertThat(PluginGro.lowerBound(worst, 0.02, 0.05, PluginGro.Parameters.STANDARD)).isEqualTo(-1);
        assertThat(PluginGro.upperBound(worst, 0.02, 0.05, PluginGro.Parameters.STANDARD)).isLessThan(-0.02);
        assertThatIllegalArgumentException().isThrownBy(() -> PluginGro.lowerBound(new double[]{Double.NaN}, 0.02,
                0.05, PluginGro.Parameters.STANDARD));
    }

    @Test
    void aMillionObservationsLoseNoDigits() {
        MixtureSprt test = new MixtureSprt(1e6, 1, 0.01);
        Sample sample = Sample.EMPTY;
        for (int i = 0; i < 1_000_000; i++) {
            double x = 1e6 + (i % 2 == 0 ? 1 : -1);
            test.add(x);
            sample = sample.add(x);
        }
        assertThat(sample.populationVariance()).isCloseTo(1, within(1e-9));
        assertThat(test.logLikelihoodRatio()).isCloseTo(-Math.log1p(10_000) / 2, within(1e-12));
    }

    @Test
    void designsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new BettingProcess(Against.AT_MOST, 0, 0.05));
        assertThatIllegalArgumentException().isThrownBy(() -> new RateProcess(0, 0.02));
        assertThatIllegalArgumentException().isThrownBy(() -> new MixtureSprt(0, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new MixtureSprt(0, 1, 1).add(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> new AsymptoticSequence(0.05, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UniformBoundary.polynomialStitching(1, 0.05, 1, 0, 1, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> UniformBoundary.normalTwoSided(Double.NaN, 0.05, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> BernoulliSequence.interval(0, 0, 0.05, 10));
    }
}
