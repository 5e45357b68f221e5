package dev.pareto.policies.predict;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Latency by load, after changes, and after silence; by an injected clock. */
final class LoadedLatencyTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final AtomicLong clock = new AtomicLong(SECOND);
    private final LatencyTracker tracker = new LatencyTracker(clock::get);

    private static double millis(@org.jspecify.annotations.Nullable Duration duration) {
        return requireNonNull(duration).toNanos() / 1e6;
    }

    private void answer(double firstMillis, double perTokenMillis, int tokens, int load) {
        tracker.record((long) (firstMillis * 1e6), (long) ((firstMillis + perTokenMillis * (tokens - 1)) * 1e6), tokens,
                true, load);
    }

    @Test
    void aBusyDeploymentIsForecastAsItIsWhenBusy() {
        for (int i = 0; i < 100; i++) {
            answer(200, 10, 200, 1);
            answer(900, 30, 200, 12);
        }
        LatencyForecast idle = tracker.forecast(200);
        for (int i = 0; i < 10; i++) {
            tracker.begin();
        }
        LatencyForecast busy = tracker.forecast(200);

        assertThat(millis(idle.firstTokenP50())).isBetween(190.0, 210.0);
        assertThat(millis(busy.firstTokenP50())).isBetween(870.0, 930.0);
        assertThat(millis(busy.totalP50())).isGreaterThan(1.8 * millis(idle.totalP50()));
        for (int i = 0; i < 10; i++) {
            tracker.end();
        }
        assertThat(tracker.inFlight()).isZero();
        assertThat(tracker.forecast(200)).isEqualTo(idle);
    }

    @Test
    void aLengthThatWasNeverSeenIsPutTogether() {
        for (int i = 0; i < 50; i++) {
            answer(300, 20, 100, 1);
        }
        // 300 ms and some 1,000 tokens at 20 ms
        assertThat(millis(tracker.forecast(1_000).totalP50())).isBetween(19_500.0, 22_000.0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aChangeIsBelievedWithinTwoHundredAnswersWhicheverWay(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double before = 100 + random.nextInt(900);
        double after = before * (seed % 2 == 0 ? 3 : 0.3);
        long gap = SECOND / (1 + random.nextInt(20));
        for (int i = 0; i < 3_000; i++) {
            clock.addAndGet(gap);
            answer(before * (0.8 + 0.4 * random.nextDouble()), 5, 100, 1);
        }
        assertThat(millis(tracker.forecast(100).firstTokenP95())).isBetween(before * 1.1, before * 1.3);
        for (int i = 0; i < 200; i++) {
            clock.addAndGet(gap);
            answer(after * (0.8 + 0.4 * random.nextDouble()), 5, 100, 1);
        }
        assertThat(millis(tracker.forecast(100).firstTokenP95())).isBetween(after * 1.0, after * 1.4);
    }

    @Test
    void withoutAChangeLittleIsForgottenByChance() {
        SplittableRandom random = new SplittableRandom(9);
        int few = 0;
        int looks = 0;
        for (int i = 0; i < 20_000; i++) {
            clock.addAndGet(SECOND / 4);
            answer(100 + 900 * random.nextDouble(), 5, 100, 1);
            if (i > 2_000 && i % 10 == 0) {
                few += tracker.forecast(100).observations() < 100 ? 1 : 0;
                looks++;
            }
        }
        assertThat((double) few / looks).isLessThan(0.2);
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 6, 10, 60, 300, 900})
    void rareAnswersTellOfALatencyTooAndAnOldOneIsForgottenByTheirCount(long gapSeconds) {
        SplittableRandom random = new SplittableRandom(gapSeconds);
        int known = 0;
        for (int i = 0; i < 1_060; i++) {
            clock.addAndGet(gapSeconds * SECOND);
            LatencyForecast forecast = tracker.forecast(100);
            if (i >= 60 && forecast.observations() >= 20) {
                assertThat(millis(forecast.firstTokenP95())).isBetween(950.0, 1_250.0);
                assertThat(forecast.probeShare()).as("it is as busy as ever").isZero();
                known++;
            }
            answer(1_000 * (0.8 + 0.4 * random.nextDouble()), 5, 100, 1);
        }
        assertThat(known).as("of a thousand answers, but for those after what looked like a change").isGreaterThan(850);
        for (int i = 0; i < 60; i++) {
            clock.addAndGet(gapSeconds * SECOND);
            answer(3_000 * (0.8 + 0.4 * random.nextDouble()), 5, 100, 1);
        }
        clock.addAndGet(gapSeconds * SECOND);
        assertThat(millis(tracker.forecast(100).firstTokenP50())).isBetween(2_500.0, 3_500.0);
        clock.addAndGet(200 * gapSeconds * SECOND + 400 * SECOND);
        assertThat(tracker.forecast(100).observations()).isZero();
    }

    @Test
    void aFewAnswersAtOnceAreNoRareOnes() {
        clock.addAndGet(7_200 * SECOND);
        for (int i = 0; i < 22; i++) {
            clock.addAndGet(SECOND / 2);
            answer(30_000, 5, 100, 1);
        }
        assertThat(tracker.forecast(100).observations()).isBetween(20L, 22L);
        clock.addAndGet(90 * SECOND);
        assertThat(tracker.forecast(100).observations()).isLessThan(20);
        clock.addAndGet(280 * SECOND);
        assertThat(tracker.forecast(100).observations()).isZero();
    }

    @Test
    void whatNobodyCallsIsDoubtedByMoreAndMoreAndThenForgotten() {
        for (int i = 0; i < 100; i++) {
            answer(30_000, 5, 100, 1);
        }
        assertThat(tracker.forecast(100).probeShare()).isZero();
        double last = 0;
        for (int second = 0; second < 350; second += 10) {
            clock.addAndGet(10 * SECOND);
            LatencyForecast forecast = tracker.forecast(100);
            assertThat(forecast.probeShare()).isBetween(last, 1.0);
            assertThat(forecast.firstTokenP95()).isNotNull();
            if (second == 20) {
                assertThat(forecast.probeShare()).isEqualTo(0.02);
            }
            last = forecast.probeShare();
        }
        assertThat(last).isGreaterThan(0.7);
        clock.addAndGet(20 * SECOND);
        assertThat(tracker.forecast(100).observations()).isZero();
    }
}
