package dev.pareto.policies.swap;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.price.Money;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How live requests are copied to a candidate before it serves one.
 *
 * @param sample the share of requests that is copied, 0 to 1
 * @param perDay the most that copies may cost from midnight to midnight UTC; null for no bound
 * @param atOnce the most copies under way; beyond it none is made
 * @param timeLimit of one copy
 */
public record Shadow(double sample, @Nullable Money perDay, int atOnce, Duration timeLimit) {

    private static final Money USUAL_DAY = Money.usd("20");
    private static final Duration USUAL_LIMIT = Duration.ofMinutes(1);

    public static final Shadow NONE = new Shadow(0, USUAL_DAY, 4, USUAL_LIMIT);

    public Shadow {
        requireNonNull(timeLimit, "timeLimit is null");
        if (!(sample >= 0 && sample <= 1)) {
            throw new IllegalArgumentException("sample must be between 0 and 1, got " + sample);
        }
        if (perDay != null && perDay.amount().signum() < 0) {
            throw new IllegalArgumentException("per-day is negative: " + perDay);
        }
        if (atOnce < 1 || atOnce > 256) {
            throw new IllegalArgumentException("at-once must be 1 to 256, got " + atOnce);
        }
        if (timeLimit.isNegative() || timeLimit.isZero()) {
            throw new IllegalArgumentException("time-limit must be above zero, got " + timeLimit);
        }
    }

    /** With the usual bounds: 20 USD a day, four at once, a minute each. */
    public static Shadow of(double sample) {
        return sample == 0 ? NONE : new Shadow(sample, USUAL_DAY, 4, USUAL_LIMIT);
    }

    public boolean wanted() {
        return sample > 0;
    }
}
