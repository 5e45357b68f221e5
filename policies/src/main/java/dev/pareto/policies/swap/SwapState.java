package dev.pareto.policies.swap;

import java.util.EnumSet;
import java.util.Set;

/** Where the replacement of a closed model by an open one stands. What a person holds is a {@link Hold} on top of it. */
public enum SwapState {
    /** The closed model serves everything. */
    CLOSED,
    /** The next move waits: for a person, or after a roll-back for fresh evidence. */
    OFFLINE,
    /** The open model answers copies of live requests; nobody sees its answers. */
    SHADOW,
    /** The open model serves a growing share. */
    RAMP,
    /** The open model serves all but the holdback. */
    OPEN,
    /** Taken back; nothing moves until the cool-down has passed. */
    ROLLED_BACK,
    /** The evidence expired or no longer speaks of this model; closed until there is fresh evidence. */
    STALE;

    /** The states that may follow this one. A person's override may end in a roll-back wherever it began. */
    public Set<SwapState> next() {
        return switch (this) {
            case CLOSED -> EnumSet.of(OFFLINE, ROLLED_BACK);
            case OFFLINE -> EnumSet.of(CLOSED, SHADOW, RAMP, OPEN, STALE, ROLLED_BACK);
            case SHADOW -> EnumSet.of(RAMP, OPEN, STALE, ROLLED_BACK);
            case RAMP -> EnumSet.of(RAMP, OPEN, STALE, ROLLED_BACK);
            case OPEN -> EnumSet.of(STALE, ROLLED_BACK);
            case ROLLED_BACK -> EnumSet.of(OFFLINE);
            case STALE -> EnumSet.of(OFFLINE, ROLLED_BACK);
        };
    }

    public boolean mayBecome(SwapState other) {
        return next().contains(other);
    }

    /** Whether callers may get the open model's answers. */
    public boolean serves() {
        return this == RAMP || this == OPEN;
    }

    /** {@code rolled back}. */
    public String words() {
        return name().replace('_', ' ').toLowerCase(java.util.Locale.ROOT);
    }
}
