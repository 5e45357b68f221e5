package dev.pareto.policies.swap;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where one replacement stands now; what the store keeps of it.
 *
 * @param route the route
 * @param candidate the open model
 * @param state the state
 * @param share the most of the route's traffic that the candidate may serve, 0 to 1
 * @param step the step of the ramp, from 0; 0 outside it
 * @param since when this state (or step) began
 * @param verdictId the evidence it rests on; null when there is none
 * @param strikes how often it was rolled back
 * @param notBefore no move forward before this moment; null when there is no cool-down
 * @param reason why it is here, for people
 */
public record Swap(String route, ModelId candidate, SwapState state, double share, int step, Instant since,
        @Nullable String verdictId, int strikes, @Nullable Instant notBefore, String reason) {

    public Swap {
        requireNonNull(route, "route is null");
        requireNonNull(candidate, "candidate is null");
        requireNonNull(state, "state is null");
        requireNonNull(since, "since is null");
        requireNonNull(reason, "reason is null");
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be between 0 and 1, got " + share);
        }
        boolean serves = state == SwapState.RAMP || state == SwapState.OPEN || state == SwapState.FROZEN;
        if (share > 0 && !serves) {
            throw new IllegalArgumentException("a swap that is " + state + " serves nothing, got share " + share);
        }
    }

    public static Swap closed(String route, ModelId candidate, Instant since) {
        return new Swap(route, candidate, SwapState.CLOSED, 0, 0, since, null, 0, null, "no verdict yet");
    }
}
