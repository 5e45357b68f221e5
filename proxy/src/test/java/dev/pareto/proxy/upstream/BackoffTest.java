package dev.pareto.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import org.junit.jupiter.api.Test;

final class BackoffTest {

    private final Backoff backoff = new Backoff(new SplittableRandom(7));

    @Test
    void doublesWithJitterUnlessTheVendorSays() {
        for (int i = 0; i < 100; i++) {
            assertThat(backoff.pause(1, null)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
            assertThat(backoff.pause(3, null)).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
        }
        assertThat(backoff.pause(1, Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void readsBothFormsOfRetryAfter() {
        assertThat(Backoff.retryAfter(new DefaultHttpHeaders())).isNull();
        assertThat(Backoff.retryAfter(new DefaultHttpHeaders().add("Retry-After", "2")))
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(Backoff.retryAfter(new DefaultHttpHeaders().add("Retry-After", "9").add("retry-after-ms", "250")))
                .isEqualTo(Duration.ofMillis(250));
        assertThat(Backoff.retryAfter(new DefaultHttpHeaders().add("Retry-After", "Sat, 21 Nov 2026 22:00:00 GMT")))
                .isNull();
    }
}
