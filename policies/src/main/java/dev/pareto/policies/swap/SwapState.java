package dev.pareto.policies.swap;

import java.util.EnumSet;
import java.util.Set;

/** Where the replacement of a closed model by an open one stands. */
public enum SwapState {
    /** The closed model serves everything. */
    CLOSED,
    /** Offline evidence is good; a person has yet to agree. */
    OFFLINE,
    /** The open model answers copies of live requests; nobody sees its answers. */
    SHADOW,
    /** The open model serves a growing share. */
    RAMP,
    /** The open model serves all but the holdback. */
    OPEN,
    /** Taken back after an alarm; closed until the cool-down has passed. */
    ROLLED_BACK,
    /** The evidence expired or no longer speaks of this model; closed until there is fresh evidence. */
    STALE,
    /** A person holds the share where it is. */
    FROZEN;

    /** The states that may follow this one. */
    public Set<SwapState> next() {
        return switch (this) {
            case CLOSED -> EnumSet.of(OFFLINE, SHADOW, RAMP, OPEN, FROZEN);
            case OFFLINE -> EnumSet.of(CLOSED, SHADOW, RAMP, OPEN, STALE, FROZEN);
            case SHADOW -> EnumSet.of(CLOSED, RAMP, OPEN, ROLLED_BACK, STALE, FROZEN);
            case RAMP -> EnumSet.of(CLOSED, RAMP, OPEN, ROLLED_BACK, STALE, FROZEN);
            case OPEN -> EnumSet.of(CLOSED, ROLLED_BACK, STALE, FROZEN);
            case ROLLED_BACK -> EnumSet.of(OFFLINE, STALE, FROZEN);
            case STALE -> EnumSet.of(CLOSED, OFFLINE, SHADOW, RAMP, OPEN, FROZEN);
            case FROZEN -> EnumSet.of(CLOSED, OFFLINE, ROLLED_BACK, STALE);
        };
    }

    public boolean mayBecome(SwapState other) {
        return next().contains(other);
    }
}
