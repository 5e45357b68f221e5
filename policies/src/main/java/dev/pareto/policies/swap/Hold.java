package dev.pareto.policies.swap;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.swap.guard.Monitor;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a person has decided over the machine, until it expires.
 *
 * @param kind what it does
 * @param share of an override: what the candidate serves meanwhile; 0 for a freeze, which keeps whatever share there is
 * @param by who decided
 * @param reason why, for those who come after
 * @param before what the state that an override interrupts had counted, which goes on after it; null for a freeze and where nothing is
 *        counted
 */
public record Hold(Kind kind, double share, String by, String reason, Instant since, Instant until,
        @Nullable Monitor before) {

    /** The two things that a person may do. */
    public enum Kind {
        /** Nothing moves forward; what is unsafe still goes back. */
        FREEZE,
        /** The share is the person's, whatever the evidence says; only a guard ends it early. */
        OVERRIDE
    }

    public Hold {
        requireNonNull(kind, "kind is null");
        requireNonNull(since, "since is null");
        requireNonNull(until, "until is null");
        if (by.isBlank() || reason.isBlank()) {
            throw new IllegalArgumentException("say who decides and why");
        }
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be between 0 and 1, got " + share);
        }
        if (!until.isAfter(since)) {
            throw new IllegalArgumentException("it must end after now, got " + until);
        }
    }

    public Hold(Kind kind, double share, String by, String reason, Instant since, Instant until) {
        this(kind, share, by, reason, since, until, null);
    }

    /** The same, which keeps what was counted before it. */
    Hold keeping(@Nullable Monitor counted) {
        return new Hold(kind, share, by, reason, since, until, counted);
    }

    public boolean activeAt(Instant when) {
        return when.isBefore(until);
    }
}
