package dev.pareto.policies.swap;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.swap.guard.Monitor;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where one replacement stands now, with all that its next move depends on; what the store keeps of it.
 *
 * @param key which replacement
 * @param state the state
 * @param share the most of the traffic that the candidate may serve, 0 to 1, holds aside
 * @param step the step of the ramp, from 0; 0 outside it
 * @param since when this state (or step) began
 * @param verdictId the evidence it rests on; null when there is none
 * @param fingerprint of the model that earned its place; null when unknown
 * @param freshAfter evidence must be newer than this; null when any will do
 * @param strikes how often a guard or a verdict rolled it back
 * @param notBefore no move forward before this moment; null when there is no cool-down
 * @param hold what a person has decided; null when nobody has
 * @param monitor what its guards have seen
 * @param reason why it is here, for people
 * @param planned whether a plan was ever stated for it: without one it moves forward no more
 */
public record Swap(SwapKey key, SwapState state, double share, int step, Instant since, @Nullable String verdictId,
        @Nullable String fingerprint, @Nullable Instant freshAfter, int strikes, @Nullable Instant notBefore,
        @Nullable Hold hold, Monitor monitor, String reason, boolean planned) {

    public Swap {
        requireNonNull(key, "key is null");
        requireNonNull(state, "state is null");
        requireNonNull(since, "since is null");
        requireNonNull(monitor, "monitor is null");
        requireNonNull(reason, "reason is null");
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be between 0 and 1, got " + share);
        }
        if (share > 0 && !state.serves()) {
            throw new IllegalArgumentException("a swap that is " + state + " serves nothing, got share " + share);
        }
    }

    /** One that was never planned. */
    public Swap(SwapKey key, SwapState state, double share, int step, Instant since, @Nullable String verdictId,
            @Nullable String fingerprint, @Nullable Instant freshAfter, int strikes, @Nullable Instant notBefore,
            @Nullable Hold hold, Monitor monitor, String reason) {
        this(key, state, share, step, since, verdictId, fingerprint, freshAfter, strikes, notBefore, hold, monitor,
                reason, false);
    }

    public static Swap closed(SwapKey key, Instant since) {
        return new Swap(key, SwapState.CLOSED, 0, 0, since, null, null, null, 0, null, null, Monitor.FRESH,
                "no verdict yet");
    }

    /** The same without a hold that has expired. */
    @Nullable
    Hold holdAt(Instant now) {
        return hold != null && hold.activeAt(now) ? hold : null;
    }

    /** Whether a person's override decides now. */
    public boolean overriddenAt(Instant now) {
        Hold held = holdAt(now);
        return held != null && held.kind() == Hold.Kind.OVERRIDE;
    }

    /** What the candidate may serve now, holds included; evidence that has since expired aside. */
    public double shareAt(Instant now) {
        Hold held = holdAt(now);
        return held != null && held.kind() == Hold.Kind.OVERRIDE ? held.share() : share;
    }

    /** Whether copies of live requests are to be made. */
    public boolean shadowsAt(Instant now) {
        return state == SwapState.SHADOW && !overriddenAt(now);
    }

    /** Whether what the candidate answers is watched. */
    boolean watchedAt(Instant now) {
        return state == SwapState.SHADOW || shareAt(now) > 0;
    }

    /** The same, which only evidence newer than that moment can move forward. */
    Swap freshAfter(Instant moment) {
        return new Swap(key, state, share, step, since, verdictId, fingerprint, moment, strikes, notBefore, hold,
                monitor, reason, planned);
    }

    public Swap withMonitor(Monitor seen) {
        return new Swap(key, state, share, step, since, verdictId, fingerprint, freshAfter, strikes, notBefore, hold,
                seen, reason, planned);
    }

    Swap withHold(@Nullable Hold held) {
        return new Swap(key, state, share, step, since, verdictId, fingerprint, freshAfter, strikes, notBefore, held,
                monitor, reason, planned);
    }

    /** The same for another reason, which is no move. */
    Swap because(@Nullable String verdict, String why) {
        return new Swap(key, state, share, step, since, verdict, fingerprint, freshAfter, strikes, notBefore, hold,
                monitor, why, planned);
    }

    /** The same once a plan is stated for it. */
    Swap asPlanned() {
        return planned
                ? this
                : new Swap(key, state, share, step, since, verdictId, fingerprint, freshAfter, strikes, notBefore, hold,
                        monitor, reason, true);
    }

    public String route() {
        return key.route();
    }

    public ModelId candidate() {
        return key.candidate();
    }
}
