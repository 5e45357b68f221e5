package dev.pareto.policies.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.catalog.ModelId;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PredictionTest {

    private static final ModelId MODEL = ModelId.parse("a/m");

    private final AtomicLong clock = new AtomicLong(Duration.ofDays(3).toNanos());
    private final LatencyTracker tracker = new LatencyTracker(clock::get);

    @Test
    void nothingIsKnownBeforeTheFirstAnswer() {
        assertThat(tracker.forecast(100)).isEqualTo(LatencyForecast.UNKNOWN);
        assertThat(new LatencyBoard(clock::get).forecast(MODEL, 100)).isEqualTo(LatencyForecast.UNKNOWN);
    }

    @Test
    void quantilesAreRightWithinThreePercent() {
        Random random = new Random(3);
        double[] seen = new double[10_000];
        for (int i = 0; i < seen.length; i++) {
            double millis = Math.exp(6 + 0.5 * random.nextGaussian());
            seen[i] = millis;
            tracker.record((long) (millis * 1e5), (long) (millis * 1e6), 100, true);
        }
        java.util.Arrays.sort(seen);
        LatencyForecast forecast = tracker.forecast(100);

        assertThat(millis(forecast.totalP50())).isCloseTo(seen[5_000], within(seen[5_000]));
        assertThat(millis(forecast.totalP95())).isCloseTo(seen[9_500], within(seen[9_500]));
        assertThat(millis(forecast.firstTokenP99())).isCloseTo(seen[9_900] / 10, within(seen[9_900] / 10));
        assertThat(forecast.observations()).isEqualTo(10_000);
    }

    @Test
    void longAnswersDoNotMakeShortOnesLookSlow() {
        for (int i = 0; i < 100; i++) {
            tracker.record(Duration.ofMillis(100), Duration.ofMillis(200), 10, true);
            tracker.record(Duration.ofMillis(100), Duration.ofSeconds(30), 4_000, true);
        }
        assertThat(millis(tracker.forecast(10).totalP95())).isBetween(190.0, 210.0);
        assertThat(millis(tracker.forecast(9_000).totalP50())).isBetween(29_000.0, 31_000.0);
    }

    @Test
    void anOutageIsForgottenWithinMinutes() {
        for (int i = 0; i < 200; i++) {
            tracker.record(Duration.ofMillis(400), Duration.ofMillis(500), 100, true);
        }
        for (int i = 0; i < 100; i++) {
            tracker.record(Duration.ofSeconds(60), Duration.ofSeconds(60), 100, true);
        }
        assertThat(millis(tracker.forecast(100).totalP95())).isGreaterThan(55_000);

        for (int minute = 0; minute < 6; minute++) {
            clock.addAndGet(Duration.ofMinutes(1).toNanos());
            for (int i = 0; i < 100; i++) {
                tracker.record(Duration.ofMillis(400), Duration.ofMillis(500), 100, true);
            }
        }
        assertThat(millis(tracker.forecast(100).totalP95())).isLessThan(550);
        clock.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(tracker.forecast(100).observations()).isZero();
    }

    @Test
    void aQuickRefusalDoesNotMakeAVendorLookQuick() {
        for (int i = 0; i < 100; i++) {
            tracker.record(Duration.ofMillis(400), Duration.ofMillis(500), 256, true);
        }
        Duration before = tracker.forecast(256).totalP50();
        for (int i = 0; i < 1_000; i++) {
            tracker.record(Duration.ofMillis(3), Duration.ofMillis(3), 0, false);
        }
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(tracker.forecast(256).totalP50()).isEqualTo(before);
    }

    @Test
    void manyThreadsLoseNoObservation() throws InterruptedException {
        int threads = 4;
        CountDownLatch done = new CountDownLatch(threads);
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int t = 0; t < threads; t++) {
                pool.execute(() -> {
                    for (int i = 0; i < 5_000; i++) {
                        tracker.record(1_000_000, 2_000_000, 100, true);
                    }
                    done.countDown();
                });
            }
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(tracker.forecast(100).observations()).isEqualTo(20_000);
    }

    @Test
    void theTokenRatioIsLearntFromWhatModelsReport() {
        CalibratedTokens tokens = new CalibratedTokens();
        assertThat(tokens.promptTokens(MODEL, 4_000)).isEqualTo(1_000);
        for (int i = 0; i < 300; i++) {
            tokens.observe(MODEL, 3_000, 1_500);
        }
        assertThat(tokens.promptTokens(MODEL, 4_000)).isBetween(1_990, 2_000);
        assertThat(tokens.promptTokens(ModelId.parse("b/m"), 4_000)).isEqualTo(1_000);
        assertThat(tokens.promptTokens(MODEL, 0)).isZero();
        tokens.observe(MODEL, 0, 7);
    }

    @Test
    void aFewVeryLongAnswersDoNotMoveTheMedian() {
        OutputLengths lengths = new OutputLengths();
        assertThat(lengths.estimate("r")).isEqualTo(OutputLengths.FIRST_GUESS);
        for (int i = 0; i < 1_000; i++) {
            lengths.observe("r", i % 20 == 0 ? 8_000 : 20);
        }
        assertThat(lengths.estimate("r")).isBetween(18, 24);
        lengths.observe("r", 0);
    }

    private static org.assertj.core.data.Offset<Double> within(double value) {
        return org.assertj.core.api.Assertions.within(value * 0.03);
    }

    private static double millis(@org.jspecify.annotations.Nullable Duration duration) {
        return Objects.requireNonNull(duration).toNanos() / 1e6;
    }
}
