package dev.pareto.policies.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DetectorTest {

    private static Stream<Detector> detectors() {
        return Stream.of(RateDetector.of(0.01, 0.03, 1e4), DriftDetector.of(0.03, 1e4), Cusum.of(0.01, 0.03, 5));
    }

    @ParameterizedTest
    @MethodSource("detectors")
    void startsSilentAndAnAlarmStandsUntilRestarted(Detector fresh) {
        double bad = fresh instanceof DriftDetector ? -1 : 1;
        assertThat(fresh.alarm()).isFalse();
        assertThat(fresh.n()).isZero();
        assertThat(fresh.evidence()).isZero();

        Detector rung = fresh;
        while (!rung.alarm()) {
            rung = rung.add(bad);
        }

        assertThat(rung.evidence()).isGreaterThanOrEqualTo(rung.threshold());
        assertThat(rung.add(0).add(0)).isEqualTo(rung);
        assertThat(rung.restarted()).isEqualTo(fresh);
    }

    @ParameterizedTest
    @MethodSource("detectors")
    void refusesWhatIsNoObservation(Detector fresh) {
        for (double wrong : new double[]{Double.NaN, 1.01, -1.01, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException().isThrownBy(() -> fresh.add(wrong)).withMessageContaining("not within");
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1, 0.03, 0.5, Double.NaN})
    void refusesAHealthyRateThatIsNotBelowTheBroken(double healthy) {
        assertThatIllegalArgumentException().isThrownBy(() -> RateDetector.of(healthy, 0.03, 1e4))
                .withMessageContaining("0 < healthy < broken < 1");
        assertThatIllegalArgumentException().isThrownBy(() -> Cusum.of(healthy, 0.03, 5));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0, -5, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesARunLengthOfNothing(double arl) {
        assertThatIllegalArgumentException().isThrownBy(() -> RateDetector.of(0.01, 0.03, arl));
        assertThatIllegalArgumentException().isThrownBy(() -> DriftDetector.of(0.03, arl));
    }

    @Test
    void refusesAStoredStateThatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RateDetector(0.01, 0.03, 1e4, -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new RateDetector(0.01, 0.03, 1e4, 5, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> new DriftDetector(0.02, 1e4, 5, 6, 1));
    }

    @Test
    void aStreamOfFailuresNeverOverflows() {
        RateDetector rate = RateDetector.of(1e-6, 0.999, 1e299);
        DriftDetector drift = DriftDetector.of(0.9, 1e299);
        for (int i = 0; i < 2_000; i++) {
            rate = rate.add(true);
            drift = drift.add(-1);
        }
        assertThat(rate.alarm()).isTrue();
        assertThat(rate.evidence()).isFinite();
        assertThat(drift.evidence()).isFinite();
    }

    @Test
    void aLongHealthyTimeHidesNoLaterBreak() {
        RateDetector detector = RateDetector.of(0.05, 0.5, 1e4);
        for (int i = 0; i < 100_000; i++) {
            detector = detector.add(false);
        }
        int failures = 0;
        while (!detector.alarm()) {
            detector = detector.add(true);
            failures++;
        }
        assertThat(failures).isLessThanOrEqualTo(5);
    }

    @Test
    void theExpectedDelayIsTheLogOfTheRunLengthOverTheDivergence() {
        assertThat(RateDetector.of(0.01, 0.03, 1e4).expectedDelay()).isCloseTo(700, within(1.0));
        assertThat(RateDetector.of(0.05, 0.10, 1e4).expectedDelay()).isCloseTo(446, within(1.0));
    }
}
