package dev.pareto.policies.swap;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The swaps on file. Called for every request: an implementation answers from memory and never blocks. */
@FunctionalInterface
public interface Swaps {

    /** No swap on file: each state then follows from plan and evidence alone. */
    Swaps NONE = key -> null;

    /** Where this replacement stands; null when nothing is on file. */
    @Nullable
    Swap find(SwapKey key);

    /** The life cycle's own time at a moment of the world: the same, unless somebody speeds it up to watch it. */
    default Instant time(Instant at) {
        return at;
    }
}
