package dev.pareto.policies.swap;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What a person has decided over the machine, until it expires.
 *
 * @param kind what it does
 * @param share of an override: what the candidate serves meanwhile; 0 for a freeze, which keeps whatever share there is
 * @param by who decided
 * @param reason why, for those who come after
 */
public record Hold(Kind kind, double share, String by, String reason, Instant since, Instant until) {

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

    public boolean activeAt(Instant when) {
        return when.isBefore(until);
    }
}
