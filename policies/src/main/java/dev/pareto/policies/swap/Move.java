package dev.pareto.policies.swap;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.swap.guard.Alarm;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a swap, to be written down and told to people: the only effect that the machine has.
 *
 * @param from the state before; the same as {@code to} when only the step or a hold changed
 * @param share what the candidate may serve from now on
 * @param by {@link #MACHINE}, or the person
 * @param alarm the guard that did it; null when none did
 */
public record Move(Instant at, SwapKey key, SwapState from, SwapState to, double share, String by, String reason,
        @Nullable String verdictId, @Nullable Alarm alarm) {

    /** Nobody decided; the rules did. */
    public static final String MACHINE = "policy";

    public Move {
        requireNonNull(at, "at is null");
        requireNonNull(key, "key is null");
        requireNonNull(from, "from is null");
        requireNonNull(to, "to is null");
        requireNonNull(by, "by is null");
        requireNonNull(reason, "reason is null");
    }
}
