package dev.pareto.policies.decide;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.swap.SwapState;

/**
 * A request's part in a swap: to which model it was assigned, whoever serves it in the end.
 *
 * @param key the swap
 * @param share what the candidate may serve now
 * @param assigned whether the request's unit belongs to that share
 * @param shadow whether a copy of the request may be made for the candidate
 * @param down whether the candidate cannot be called now and nothing else keeps the request from it
 */
public record Stake(SwapKey key, SwapState state, double share, boolean assigned, boolean shadow, boolean down) {

    public Stake {
        requireNonNull(key, "key is null");
        requireNonNull(state, "state is null");
    }

    /** Whether the candidate is to serve this request in the closed model's place, where nothing but the swap chooses. */
    boolean takesOver() {
        return assigned && share > 0;
    }

    /** What must not go to the candidate must not be copied to it either. */
    Stake refused(boolean onlyDown) {
        return new Stake(key, state, share, assigned, false, onlyDown);
    }
}
