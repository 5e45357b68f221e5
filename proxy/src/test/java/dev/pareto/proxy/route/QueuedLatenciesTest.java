package dev.pareto.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.LatencyForecast;

import org.junit.jupiter.api.Test;

final class QueuedLatenciesTest {

    private static final ModelId MODEL = ModelId.parse("local/x");
    private static final LatencyForecast USUAL = new LatencyForecast(40, ms(300), ms(500), ms(600), ms(2_000),
            ms(3_000),
            ms(4_000));

    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    private static LatencyForecast forecast(LatencyForecast usual, Duration wait) {
        return new QueuedLatencies((_, _) -> usual, _ -> wait).forecast(MODEL, 100);
    }

    @Test
    void aQueueThatIsLongerThanUsualComesOnTop() {
        assertThat(forecast(USUAL, ms(5_300))).isEqualTo(new LatencyForecast(40, ms(5_300), ms(5_500), ms(5_600),
                ms(7_000), ms(8_000), ms(9_000)));
    }

    @Test
    void aShortOneIsInWhatWasObserved() {
        assertThat(forecast(USUAL, ms(300))).isEqualTo(USUAL);
        assertThat(forecast(USUAL, Duration.ZERO)).isEqualTo(USUAL);
    }

    @Test
    void whatWasNotObservedIsNotForetoldFromTheQueue() {
        assertThat(forecast(LatencyForecast.UNKNOWN, ms(5_000))).isEqualTo(LatencyForecast.UNKNOWN);
    }
}
