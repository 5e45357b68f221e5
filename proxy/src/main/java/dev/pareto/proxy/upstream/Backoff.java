package dev.pareto.proxy.upstream;

import java.time.Duration;
import java.util.random.RandomGenerator;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** How long to wait before the same vendor is asked again: what it says, else 100 ms doubled each time, with jitter. */
final class Backoff {

    /** A vendor that wants to be left alone for longer is not waited for. */
    static final Duration MOST = Duration.ofSeconds(5);

    private static final long FIRST_MILLIS = 100;

    private final RandomGenerator random;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** @param tries how many have failed there, at least 1 */
    Duration pause(int tries, @Nullable Duration retryAfter) {
        if (retryAfter != null) {
            return retryAfter;
        }
        long most = FIRST_MILLIS << Math.min(tries - 1, 5);
        return Duration.ofMillis(most / 2 + random.nextLong(most / 2 + 1));
    }

    /** What {@code Retry-After-Ms} or {@code Retry-After} (in seconds) say; null when neither does. */
    static @Nullable Duration retryAfter(HttpHeaders headers) {
        try {
            String millis = headers.get("retry-after-ms");
            if (millis != null) {
                return Duration.ofMillis(Math.max(0, Math.round(Double.parseDouble(millis))));
            }
            String seconds = headers.get(HttpHeaderNames.RETRY_AFTER);
            return seconds == null
                    ? null
                    : Duration.ofMillis(Math.max(0, Math.round(Double.parseDouble(seconds) * 1_000)));
        } catch (NumberFormatException date) {
            // a date, or nonsense: wait as if nothing had been said
            return null;
        }
    }
}
