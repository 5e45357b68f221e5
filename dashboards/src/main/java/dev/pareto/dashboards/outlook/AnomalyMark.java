package dev.pareto.dashboards.outlook;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a person made of an anomaly.
 *
 * @param from the first hour of the incident that was looked at
 * @param scope the dimension of its line of spend; empty for all spend
 * @param until when a snoozed one comes back; null for other states
 */
public record AnomalyMark(Instant from, String scope, String value, State state, @Nullable Instant until, Instant at,
        String by, String why) {

    /** Longer than this nothing sleeps: whoever wants that says that it is resolved. */
    public static final Duration LONGEST_SNOOZE = Duration.ofDays(90);

    private static final int MOST_LETTERS = 300;

    /** Where an anomaly stands. */
    public enum State {
        /** Nobody has looked yet, or it was opened again. */
        OPEN,
        /** Somebody knows of it and looks after it. */
        ACKNOWLEDGED,
        /** Hidden from the open ones until a moment. */
        SNOOZED,
        /** Understood and put right. */
        RESOLVED,
        /** Usual after all. */
        FALSE_ALARM
    }

    public AnomalyMark {
        requireNonNull(from, "from is null");
        requireNonNull(state, "state is null");
        if (by.isBlank() || by.length() > 80) {
            throw new IllegalArgumentException("'by' says who, in at most 80 letters");
        }
        if (why.isBlank() || why.length() > MOST_LETTERS) {
            throw new IllegalArgumentException("'reason' says why, in at most " + MOST_LETTERS + " letters");
        }
        if (scope.length() > 40 || value.length() > MOST_LETTERS) {
            throw new IllegalArgumentException("there is no such line of spend");
        }
        if ((state == State.SNOOZED) != (until != null)) {
            throw new IllegalArgumentException("a snoozed anomaly, and no other, has a moment at which it comes back");
        }
        if (until != null && (!until.isAfter(at) || until.isAfter(at.plus(LONGEST_SNOOZE)))) {
            throw new IllegalArgumentException(
                    "an anomaly sleeps for at most " + LONGEST_SNOOZE.toDays() + " days from now, not until " + until);
        }
    }

    /** Where it stands at a moment: what slept long enough is open again. */
    public State state(Instant now) {
        return until != null && !now.isBefore(until) ? State.OPEN : state;
    }
}
