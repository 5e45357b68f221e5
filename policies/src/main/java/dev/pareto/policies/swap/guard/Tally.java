package dev.pareto.policies.swap.guard;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What was counted of one arm since the present share began.
 *
 * @param requests that ended in an answer or a failure
 * @param units callers or conversations among them
 * @param failed not answered by the assigned model
 * @param formed of which a form was asked
 * @param malformed that did not have it
 * @param truncated cut off at the length limit
 * @param timed whose time is known
 * @param slow beyond the limit
 */
public record Tally(long requests, long units, long failed, long formed, long malformed, long truncated, long timed,
        long slow) {

    static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0, 0);

    Tally next(Observation seen, @Nullable Duration limit) {
        Duration took = seen.took();
        return new Tally(requests + one(seen.failed() != null), units + one(seen.newUnit()),
                failed + one(Boolean.TRUE.equals(seen.failed())),
                formed + one(seen.malformed() != null), malformed + one(Boolean.TRUE.equals(seen.malformed())),
                truncated + one(Boolean.TRUE.equals(seen.truncated())), timed + one(took != null),
                slow + one(took != null && limit != null && took.compareTo(limit) > 0));
    }

    Tally withoutUnits() {
        return new Tally(requests, 0, failed, formed, malformed, truncated, timed, slow);
    }

    private static int one(boolean condition) {
        return condition ? 1 : 0;
    }
}
