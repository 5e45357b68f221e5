package dev.pareto.policies.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LatencyShiftTest {

    private static final int TOKENS = 200;

    private final long[] now = {0};
    private final LatencyTracker tracker = new LatencyTracker(() -> now[0]);
    private final Random random = new Random(7);

    private Duration answers(int count, double seconds) {
        for (int i = 0; i < count; i++) {
            now[0] += Duration.ofMillis(300).toNanos();
            tracker.forecast(TOKENS);
            long total = (long) (seconds * Math.exp(0.2 * random.nextGaussian()) * 1e9);
            tracker.record(total / 5, total, TOKENS, true);
        }
        now[0] += Duration.ofMillis(300).toNanos();
        return Objects.requireNonNull(tracker.forecast(TOKENS).totalP95());
    }

    @Test
    void aSlowerDeploymentIsToldFromWhatItWasWithinADozenAnswers() {
        assertThat(answers(600, 1)).isBetween(Duration.ofMillis(1_200), Duration.ofMillis(1_700));
        answers(12, 4);
        assertThat(Objects.requireNonNull(tracker.forecast(TOKENS).totalP50())).isGreaterThan(Duration.ofSeconds(3));
    }

    @Test
    void aDeploymentThatRecoveredIsToldFromWhatItWasWithinSixAnswers() {
        answers(60, 4);
        assertThat(answers(6, 1)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void twoQuickAnswersOfOneThatIsSeldomAskedCallForMore() {
        answers(30, 4);
        assertThat(tracker.forecast(TOKENS).unsettled()).isFalse();
        answers(2, 1);
        assertThat(tracker.forecast(TOKENS).unsettled()).isTrue();
        assertThat(answers(10, 1)).isLessThan(Duration.ofSeconds(2));
        assertThat(tracker.forecast(TOKENS).unsettled()).isFalse();
    }

    @Test
    void aSteadyDeploymentKeepsItsMemory() {
        long least = Long.MAX_VALUE;
        answers(200, 1);
        int forgot = 0;
        for (int i = 0; i < 3_000; i++) {
            answers(1, 1);
            long known = tracker.forecast(TOKENS).observations();
            forgot += known < 30 && least >= 30 ? 1 : 0;
            least = known;
        }
        assertThat(forgot).isLessThanOrEqualTo(10);
    }
}
