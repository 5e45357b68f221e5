package dev.pareto.policies.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DetectorTest {

    private static final List<Double> BETS = List.of(0.03, 0.1, 0.5);

    @Test
    void startsSilent() {
        for (Detector fresh : List.of(RateDetector.fresh(3), PairDetector.FRESH)) {
            assertThat(fresh.seen()).isZero();
            assertThat(fresh.logStatistic()).isEqualTo(Double.NEGATIVE_INFINITY);
        }
        assertThat(PairDetector.FRESH.nonInferior(0.05)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, 1.01, -1.01, Double.POSITIVE_INFINITY})
    void refusesWhatIsNoObservation(double wrong) {
        assertThatIllegalArgumentException().isThrownBy(() -> RateDetector.fresh(3).next(wrong, 0.01, BETS))
                .withMessageContaining("between 0 and 1");
        assertThatIllegalArgumentException().isThrownBy(() -> PairDetector.FRESH.next(wrong, 0.02, 0.03))
                .withMessageContaining("between -1 and 1");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1, Double.NaN})
    void refusesARateThatCannotBeGood(double good) {
        assertThatIllegalArgumentException().isThrownBy(() -> RateDetector.fresh(3).next(0, good, BETS))
                .withMessageContaining("above 0 and below 1");
    }

    @Test
    void aStreamOfFailuresNeverOverflows() {
        RateDetector rate = RateDetector.fresh(1);
        PairDetector pairs = PairDetector.FRESH;
        for (int i = 0; i < 20_000; i++) {
            rate = rate.next(1, 1e-6, List.of(0.999));
            pairs = pairs.next(-1, 0.02, 0.9);
        }
        assertThat(rate.logStatistic()).isFinite().isGreaterThan(100_000);
        assertThat(pairs.logStatistic()).isFinite().isGreaterThan(900);
    }

    @Test
    void aLongHealthyTimeHidesNoLaterBreak() {
        RateDetector detector = RateDetector.fresh(1);
        for (int i = 0; i < 100_000; i++) {
            detector = detector.next(0, 0.05, List.of(0.5));
        }
        int failures = 0;
        while (detector.logStatistic() < Math.log(1e4)) {
            detector = detector.next(1, 0.05, List.of(0.5));
            failures++;
        }
        assertThat(failures).isLessThanOrEqualTo(5);
    }

    @Test
    void anotherNumberOfBetsBeginsAnew() {
        RateDetector detector = RateDetector.fresh(1).next(1, 0.01, List.of(0.5)).next(1, 0.01, BETS);
        assertThat(detector.seen()).isEqualTo(2);
        assertThat(detector.logs()).hasSize(3);
    }
}
