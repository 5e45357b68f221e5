package dev.pareto.policies.swap;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The life cycle of a replacement as pure functions: a state and something that happened give the next state. Good evidence
 * opens a swap along its plan's ramp, an inferior verdict closes it, evidence that expired or speaks of another model makes
 * it stale, an alarm rolls it back and cools it down (1, 7, then 30 days; the third strike needs a person).
 */
public final class SwapMachine {

    private static final List<Duration> COOL_DOWNS = List.of(Duration.ofDays(1), Duration.ofDays(7),
            Duration.ofDays(30));

    /**
     * Whether evidence may move this baseline's traffic at all: an answer that was made up says nothing about a real vendor.
     */
    public static boolean counts(Evidence evidence, boolean baselineSimulated) {
        return !evidence.simulated() || baselineSimulated;
    }

    /**
     * The state that follows from plan and evidence alone, as if each move had been made when it was due.
     *
     * @param evidence the newest that {@link #counts}; null when there is none
     * @param fingerprint of the model that would serve; null when unknown, which trusts the evidence
     */
    public Swap derive(SwapPlan plan, @Nullable Evidence evidence, @Nullable String fingerprint, Instant now) {
        if (evidence == null) {
            return Swap.closed(plan.route(), plan.to(), now);
        }
        Swap swap = onEvidence(Swap.closed(plan.route(), plan.to(), evidence.createdAt()), plan, evidence,
                evidence.createdAt());
        return onTick(swap, plan, evidence, fingerprint, now);
    }

    /** What a new verdict does. Evidence of another route or model changes nothing. */
    public Swap onEvidence(Swap swap, SwapPlan plan, Evidence evidence, Instant now) {
        if (!evidence.route().equals(swap.route()) || !evidence.candidate().equals(swap.candidate())
                || swap.state() == SwapState.FROZEN) {
            return swap;
        }
        return switch (evidence.outcome()) {
            case SUPERIOR, NON_INFERIOR -> forward(swap, plan, evidence, now);
            case INFERIOR -> swap.state() == SwapState.CLOSED || swap.state() == SwapState.ROLLED_BACK
                    ? stay(swap, evidence, "verdict " + evidence.verdictId() + " inferior")
                    : move(swap, SwapState.CLOSED, 0, 0, now, evidence.verdictId(),
                            "verdict " + evidence.verdictId() + " inferior");
            case INCONCLUSIVE, INVALID -> swap.state() == SwapState.RAMP || swap.state() == SwapState.OPEN
                    ? move(swap, SwapState.STALE, 0, 0, now, evidence.verdictId(), "verdict " + evidence.verdictId()
                            + " " + words(evidence.outcome()))
                    : stay(swap, evidence, "verdict " + evidence.verdictId() + " " + words(evidence.outcome()));
        };
    }

    /** What the passing of time does: evidence expires, the ramp goes on. */
    public Swap onTick(Swap swap, SwapPlan plan, @Nullable Evidence evidence, @Nullable String fingerprint,
            Instant now) {
        boolean serving = swap.state() == SwapState.RAMP || swap.state() == SwapState.OPEN
                || (swap.state() == SwapState.FROZEN && swap.share() > 0);
        if (serving || swap.state() == SwapState.OFFLINE || swap.state() == SwapState.SHADOW) {
            String why = whyStale(evidence, fingerprint, now);
            if (why != null) {
                return move(swap, SwapState.STALE, 0, 0, now, swap.verdictId(), why);
            }
        }
        Swap current = swap;
        while (current.state() == SwapState.RAMP && !now.isBefore(current.since().plus(plan.dwell()))) {
            current = climb(current, plan, current.step() + 1, current.since().plus(plan.dwell()));
        }
        return current;
    }

    /** A person agrees that an offline or shadowed swap goes on. */
    public Swap approve(Swap swap, SwapPlan plan, String by, Instant now) {
        if (swap.state() != SwapState.OFFLINE && swap.state() != SwapState.SHADOW) {
            throw new IllegalMoveException(swap, SwapState.RAMP);
        }
        return start(swap, plan, now, swap.verdictId(), "approved by " + by);
    }

    /** An alarm or a person takes the traffic back. */
    public Swap rollBack(Swap swap, String why, Instant now) {
        if (!swap.state().mayBecome(SwapState.ROLLED_BACK)) {
            throw new IllegalMoveException(swap, SwapState.ROLLED_BACK);
        }
        int strikes = swap.strikes() + 1;
        Duration coolDown = COOL_DOWNS.get(Math.min(strikes, COOL_DOWNS.size()) - 1);
        return new Swap(swap.route(), swap.candidate(), SwapState.ROLLED_BACK, 0, 0, now, swap.verdictId(), strikes,
                now.plus(coolDown), why);
    }

    /** A person holds the share where it is. */
    public Swap freeze(Swap swap, String by, Instant now) {
        return move(swap, SwapState.FROZEN, swap.share(), swap.step(), now, swap.verdictId(), "frozen by " + by);
    }

    /** A person lets a frozen swap go: it closes and starts again from its evidence. */
    public Swap thaw(Swap swap, String by, Instant now) {
        if (swap.state() != SwapState.FROZEN) {
            throw new IllegalMoveException(swap, SwapState.CLOSED);
        }
        return move(swap, SwapState.CLOSED, 0, 0, now, swap.verdictId(), "thawed by " + by);
    }

    private Swap forward(Swap swap, SwapPlan plan, Evidence evidence, Instant now) {
        String why = "verdict " + evidence.verdictId() + " " + words(evidence.outcome());
        return switch (swap.state()) {
            case RAMP, OPEN, OFFLINE, SHADOW -> stay(swap, evidence, why);
            case FROZEN -> swap;
            case ROLLED_BACK -> swap.notBefore() != null && now.isBefore(swap.notBefore())
                    ? swap
                    : move(swap, SwapState.OFFLINE, 0, 0, now, evidence.verdictId(), why);
            case CLOSED, STALE -> plan.approval() == Approval.MANUAL || swap.strikes() >= COOL_DOWNS.size()
                    ? move(swap, SwapState.OFFLINE, 0, 0, now, evidence.verdictId(), why)
                    : start(swap, plan, now, evidence.verdictId(), why);
        };
    }

    private static Swap start(Swap swap, SwapPlan plan, Instant now, @Nullable String verdictId, String why) {
        Swap begun = new Swap(swap.route(), swap.candidate(), swap.state(), swap.share(), 0, now, verdictId,
                swap.strikes(), swap.notBefore(), why);
        return plan.dwell().isZero() ? open(begun, plan, now) : climb(begun, plan, 0, now);
    }

    /** A step that would serve as much as the open state does is the open state. */
    private static Swap climb(Swap swap, SwapPlan plan, int step, Instant now) {
        return step >= plan.ramp().size() || plan.ramp().get(step) >= plan.openShare()
                ? open(swap, plan, now)
                : move(swap, SwapState.RAMP, plan.ramp().get(step), step, now, swap.verdictId(), swap.reason());
    }

    private static Swap open(Swap swap, SwapPlan plan, Instant now) {
        return move(swap, SwapState.OPEN, plan.openShare(), 0, now, swap.verdictId(), swap.reason());
    }

    private static @Nullable String whyStale(@Nullable Evidence evidence, @Nullable String fingerprint, Instant now) {
        if (evidence == null) {
            return "no verdict any more";
        }
        if (evidence.expiredAt(now)) {
            return "verdict " + evidence.verdictId() + " expired";
        }
        String measured = evidence.candidateFingerprint();
        // only two known makes can differ; where either is unknown the evidence is trusted
        if (fingerprint != null && measured != null && !fingerprint.equals(measured)) {
            return "verdict " + evidence.verdictId() + " measured another build of the model";
        }
        return null;
    }

    private static Swap stay(Swap swap, Evidence evidence, String why) {
        return new Swap(swap.route(), swap.candidate(), swap.state(), swap.share(), swap.step(), swap.since(),
                evidence.verdictId(), swap.strikes(), swap.notBefore(), why);
    }

    private static Swap move(Swap swap, SwapState to, double share, int step, Instant now, @Nullable String verdictId,
            String why) {
        if (!swap.state().mayBecome(to)) {
            throw new IllegalMoveException(swap, to);
        }
        return new Swap(swap.route(), swap.candidate(), to, share, step, now, verdictId, swap.strikes(),
                swap.notBefore(), why);
    }

    private static String words(Outcome outcome) {
        return switch (outcome) {
            case SUPERIOR -> "superior";
            case NON_INFERIOR -> "non-inferior";
            case INFERIOR -> "inferior";
            case INCONCLUSIVE -> "inconclusive";
            case INVALID -> "invalid";
        };
    }
}
