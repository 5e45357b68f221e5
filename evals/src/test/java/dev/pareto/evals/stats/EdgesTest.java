package dev.pareto.evals.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EdgesTest {

    @ParameterizedTest
    @ValueSource(doubles = {1e-6, 0.5, 0.95, 1 - 1e-12})
    void proportionsOfNoneAndAllHaveOneSidedIntervals(double confidence) {
        for (int n : new int[]{1, 2, 1_000_000, Integer.MAX_VALUE}) {
            for (Interval none : new Interval[]{Wilson.interval(0, n, confidence),
                    ClopperPearson.interval(0, n, confidence)}) {
                assertThat(none.lower()).isZero();
                assertThat(none.upper()).isBetween(0.0, 1.0);
            }
            for (Interval all : new Interval[]{Wilson.interval(n, n, confidence),
                    ClopperPearson.interval(n, n, confidence)}) {
                assertThat(all.upper()).isEqualTo(1);
                assertThat(all.lower()).isBetween(0.0, 1.0);
            }
        }
    }

    /** Once in ten the polish of a quantile that was exact already threw it to 1e245. */
    @Test
    void everyQuantileOfStudentIsWhereItsTailIs() {
        for (int freedom = 1; freedom <= 1_500; freedom++) {
            for (double confidence : new double[]{0.5, 0.8, 0.9, 0.95, 0.98, 0.999}) {
                double quantile = Quantiles.twoSidedStudent(freedom, confidence);
                double tail = (1 - confidence) / 2;
                assertThat(Quantiles.studentUpperTail(freedom, quantile)).as(freedom + " at " + confidence)
                        .isCloseTo(tail, within(1e-12 * tail + 1e-15));
            }
        }
    }

    @Test
    void aTinyRateKeepsItsDigitsAtAnExtremeLevel() {
        // for k events of n the lower bound solves P(X >= k) = tail; with one event that is 1 - (1-p)^n
        double tail = (1 - 0.999_999) / 2;
        double exact = -Math.expm1(Math.log1p(-tail) / 1_000_000);
        assertThat(ClopperPearson.interval(1, 1_000_000, 0.999_999).lower() / exact).isCloseTo(1, within(1e-9));
        // with two events n^2 p^2 / 2 of the binomial's tail remain to first order
        double two = ClopperPearson.interval(2, 1_000_000_000, 0.999_999).lower();
        double np = two * 1e9;
        assertThat(-Math.expm1(-np) - np * Math.exp(-np)).isCloseTo(tail, within(1e-6 * tail));
        assertThat(Wilson.interval(1, 1_000_000_000, 0.999).lower()).isPositive();
    }

    @Test
    void noProportionIsRefused() {
        for (int[] counts : new int[][]{{0, 0}, {1, 0}, {-1, 5}, {6, 5}}) {
            assertThatIllegalArgumentException().isThrownBy(() -> Wilson.interval(counts[0], counts[1], 0.95))
                    .withMessageContaining("not a proportion");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ClopperPearson.interval(counts[0], counts[1], 0.95));
        }
        for (double confidence : new double[]{0, 1, Double.NaN, 95}) {
            assertThatIllegalArgumentException().isThrownBy(() -> Wilson.interval(1, 2, confidence))
                    .withMessageContaining("write 95 % as 0.95");
        }
    }

    @Test
    void studentsQuantileIsExactFarOut() {
        // one degree of freedom is Cauchy's distribution, two have a closed form
        double tail = (1 - (1 - 1e-9)) / 2;
        assertThat(Quantiles.twoSidedStudent(1, 1 - 1e-9) * Math.tan(Math.PI * tail)).isCloseTo(1, within(1e-12));
        assertThat(Quantiles.twoSidedStudent(2, 0.9)).isCloseTo(0.9 * Math.sqrt(2 / (1 - 0.81)), within(1e-12));
        assertThat(Quantiles.twoSidedStudent(1e9, 0.95)).isCloseTo(Quantiles.twoSidedNormal(0.95), within(1e-7));
    }

    @Test
    void aSampleIsTheSameWholeOrInParts() {
        double[] values = {1e9 + 1, 1e9 + 2, 1e9 + 4, 1e9 - 8};
        Sample one = Sample.EMPTY;
        for (double value : values) {
            one = one.add(value);
        }
        Sample parts = Sample.of(values[0]).merge(Sample.of(values[1], values[2], values[3])).merge(Sample.EMPTY);
        assertThat(one.variance()).isCloseTo(Moments.sampleVariance(values), within(1e-6));
        assertThat(parts.variance()).isCloseTo(one.variance(), within(1e-6));
        assertThat(parts.mean()).isCloseTo(one.mean(), within(1e-6));
        assertThatIllegalArgumentException().isThrownBy(Sample.EMPTY::variance);
        assertThatIllegalArgumentException().isThrownBy(() -> Sample.EMPTY.add(Double.NaN));
    }

    @Test
    void whatWasNotMeasuredIsRefusedByName() {
        assertThatIllegalArgumentException().isThrownBy(() -> Moments.mean(new double[]{1, Double.NaN}))
                .withMessageContaining("value 1 is NaN");
        assertThatIllegalArgumentException().isThrownBy(() -> Moments.mean(new double[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> Moments.sampleVariance(new double[]{1}))
                .withMessageContaining("at least 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuantileInterval.of(new double[]{2, 1}, 0.5, 0.9))
                .withMessageContaining("out of order");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuantileInterval.of(new double[]{Double.NaN}, 0.5, 0.9));
        assertThatIllegalArgumentException().isThrownBy(() -> MultipleTesting.holm(new double[]{0.1, Double.NaN}));
        assertThatIllegalArgumentException().isThrownBy(() -> Margins.breakEven(Double.NaN, 1, 1));
    }

    @Test
    void severalTestsOfNoneOrOneAreThemselves() {
        assertThat(MultipleTesting.holm(new double[0])).isEmpty();
        assertThat(MultipleTesting.hommel(new double[0])).isEmpty();
        assertThat(MultipleTesting.benjaminiYekutieli(new double[0])).isEmpty();
        assertThat(MultipleTesting.hommel(new double[]{0.03})).containsExactly(0.03);
        assertThat(MultipleTesting.benjaminiHochberg(new double[]{0, 1, 1})).containsExactly(0, 1, 1);
    }

    @Test
    void aSampleSizeNeedsATruthThatCanBeShown() {
        assertThat(SampleSize.paired(0.02, 0, 0, 0.05, 0.8)).isEqualTo(1);
        assertThat(SampleSize.paired(0.02, 0.1, 0.01, 0.05, 0.8))
                .isLessThan(SampleSize.paired(0.02, 0.1, 0, 0.05, 0.8));
        assertThatIllegalArgumentException().isThrownBy(() -> SampleSize.paired(0.02, 0.1, -0.02, 0.05, 0.8));
        assertThatIllegalArgumentException().isThrownBy(() -> SampleSize.paired(0.02, 0.1, 0.5, 0.05, 0.8));
        assertThatIllegalArgumentException().isThrownBy(() -> SampleSize.paired(0.02, 1.1, 0, 0.05, 0.8));
        assertThatIllegalArgumentException().isThrownBy(() -> SampleSize.paired(0.02, 0.1, 0, 0.05, 0.04))
                .withMessageContaining("power");
        assertThat(SampleSize.withoutFailure(0.005, 0.95)).isEqualTo(598);
    }
}
