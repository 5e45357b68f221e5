package dev.pareto.evals.stats.arms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;

import dev.pareto.evals.stats.Interval;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArmsEdgesTest {

    @ParameterizedTest
    @CsvSource({"0,1,0,1", "1,1,1,1", "0,100,0,100", "100,100,100,100", "0,10,10,10", "10,10,0,10", "0,1,500,1000"})
    void extremeRatesHaveFiniteAnswers(int x1, int n1, int x2, int n2) {
        Interval interval = Newcombe.interval(x1, n1, x2, n2, 0.95);
        assertThat(interval.contains((double) x1 / n1 - (double) x2 / n2)).isTrue();
        for (double margin : new double[]{0.001, 0.05, 0.9}) {
            assertThat(MiettinenNurminen.test(x1, n1, x2, n2, margin).equivalenceP()).isBetween(0.0, 1.0);
            assertThat(UnpairedWald.test(x1, n1, x2, n2, margin).equivalenceP()).isBetween(0.0, 1.0);
        }
    }

    @Test
    void samplesThatDoNotVaryDifferForCertainOrNotAtAll() {
        assertThat(Welch.of(new double[]{1, 1}, new double[]{1, 1}).p()).isEqualTo(1);
        assertThat(Welch.of(new double[]{2, 2}, new double[]{1, 1}).p()).isZero();
        assertThat(Welch.of(new double[]{2, 2}, new double[]{1, 1}).interval(0.9)).isEqualTo(new Interval(1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Welch.of(new double[]{1}, new double[]{1, 2}));
    }

    @Test
    void anEarlierValueThatNeverVariesForetellsNothing() {
        Cuped cuped = Cuped.fit(new double[]{3, 3, 3}, new double[]{1, 2, 3});
        assertThat(cuped.theta()).isZero();
        assertThat(cuped.reduction()).isZero();
        assertThat(cuped.adjust(3, 2)).isEqualTo(2);
        Cuped perfect = Cuped.fit(new double[]{1, 2, 3}, new double[]{2, 4, 6});
        assertThat(perfect.reduction()).isCloseTo(1, within(1e-12));
        assertThat(perfect.correlation()).isEqualTo(1);
        assertThat(Cuped.fit(new double[]{1, 2}, new double[]{5, 5}).correlation()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> Cuped.fit(new double[]{1}, new double[]{1}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cuped.fit(new double[]{1, Double.NaN}, new double[]{1, 2}));
    }

    @Test
    void aSplitOfNothingIsRightAndAShareOfNothingRefused() {
        assertThat(SampleRatioTest.of(List.of(0L, 0L), List.of(0.5, 0.5)).p()).isEqualTo(1);
        assertThat(SampleRatioTest.of(List.of(1_000_000L, 0L), List.of(0.5, 0.5)).p()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SampleRatioTest.of(List.of(1L, 1L), List.of(1.0, 0.0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SampleRatioTest.of(List.of(1L, -1L), List.of(0.5, 0.5)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SampleRatioTest.of(List.of(1L, 1L), List.of(0.5, Double.NaN)));
    }
}
