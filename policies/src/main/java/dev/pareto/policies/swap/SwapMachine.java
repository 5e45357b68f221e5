package dev.pareto.policies.swap;

import dev.pareto.policies.detect.InputMix;
import dev.pareto.policies.detect.InputShift;
import dev.pareto.policies.swap.guard.Alarm;
import dev.pareto.policies.swap.guard.Arm;
import dev.pareto.policies.swap.guard.DriftPlan;
import dev.pareto.policies.swap.guard.Guard;
import dev.pareto.policies.swap.guard.GuardRules;
import dev.pareto.policies.swap.guard.Monitor;
import dev.pareto.policies.swap.guard.Rating;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The life cycle of a replacement as pure functions: a state, the facts and something that happened give the next state and the moves to
 * be written down. Good evidence leads through shadow and ramp to open, each step held for a time and a number of answers; a guard's
 * alarm or an inferior verdict rolls back at once and cools down; evidence that expired or speaks of another model makes stale. A person
 * may freeze, override and roll back. What goes back needs nobody's consent; what goes forward needs evidence or a person.
 */
public final class SwapMachine {

    /** Level of the live pairs' own test before the first caller is served, where there are any. */
    private static final double ALPHA = 0.05;

    /** A person's word does not hold for ever. */
    private static final Duration LONGEST_HOLD = Duration.ofDays(90);

    /**
     * What a request may count on at this moment. Evidence that has expired since the last event counts as expired.
     *
     * @param share the most of the traffic that the candidate may serve, 0 to 1
     * @param overridden whether a person decided so, over the evidence
     * @param why in words; empty where nothing is withheld
     */
    public record Permit(double share, boolean overridden, String why) {}

    /**
     * Whether evidence may move this baseline's traffic at all: an answer that was made up says nothing about a real vendor.
     */
    public static boolean counts(Evidence evidence, boolean baselineSimulated) {
        return !evidence.simulated() || baselineSimulated;
    }

    /** @throws IllegalMoveException when a person asks for what the life cycle does not have; nothing has changed then */
    public Transition on(Swap swap, SwapPlan plan, Facts facts, SwapEvent event) {
        var run = new Run(swap, plan, facts);
        switch (event) {
            case SwapEvent.Looked looked -> run.look();
            case SwapEvent.Seen seen ->
                run.watched(monitor -> monitor.next(seen.observation(), run.rules()));
            case SwapEvent.Graded graded -> run.watched(monitor -> monitor.graded(graded.candidate(),
                    graded.incumbent(), run.rules(), plan.margin(), plan.exitMargin()));
            case SwapEvent.Rated rated -> run.rated(rated.rating());
            case SwapEvent.Compared pair -> run.watched(monitor -> monitor.compared(pair.difference(), run.rules(),
                    plan.margin(), plan.exitMargin()));
            case SwapEvent.Asked asked -> run.asked(asked);
            case SwapEvent.Approved approved -> run.approve(approved);
            case SwapEvent.RolledBack back -> run.rollBack(back);
            case SwapEvent.Frozen frozen ->
                run.freeze(new Hold(Hold.Kind.FREEZE, 0, frozen.by(), frozen.reason(), facts.now(), frozen.until()));
            case SwapEvent.Overridden over -> run.override(new Hold(Hold.Kind.OVERRIDE, over.share(), over.by(),
                    over.reason(), facts.now(), over.until()));
            case SwapEvent.Released released -> run.release(released);
        }
        return new Transition(run.swap, run.moves);
    }

    /** The state of a replacement that nothing is on file of, from plan and evidence alone: as if it had begun with the verdict. */
    public Swap derive(SwapKey key, SwapPlan plan, Facts facts) {
        Evidence evidence = facts.evidence();
        Swap closed = Swap.closed(key, evidence == null ? facts.now() : evidence.createdAt());
        if (evidence == null) {
            return closed;
        }
        var then = new Facts(evidence, evidence.candidateFingerprint(), evidence.createdAt());
        return on(on(closed, plan, then, new SwapEvent.Looked()).swap(), plan, facts, new SwapEvent.Looked()).swap();
    }

    /** What is allowed right now. Only ever tightens what the state says, since moves forward are events. */
    public Permit permit(Swap swap, SwapPlan plan, Facts facts) {
        Permit other = otherwise(swap, facts.evidence(), facts.fingerprint(), facts.now());
        return other == null ? new Permit(swap.share(), false, "") : other;
    }

    /**
     * The same where something else than the state decides or nothing is served; null where the state's share is served. Asked for every
     * request, and objects and words are for those that may not.
     */
    public @Nullable Permit otherwise(Swap swap, @Nullable Evidence evidence, @Nullable String fingerprint,
            Instant now) {
        Hold held = swap.holdAt(now);
        if (held != null && held.kind() == Hold.Kind.OVERRIDE) {
            return new Permit(held.share(), true, "overridden by " + held.by() + ": " + held.reason());
        }
        if (swap.share() <= 0) {
            return new Permit(swap.share(), false, "is " + swap.state().words() + ": " + swap.reason());
        }
        String stale = whyStale(swap, evidence, fingerprint, now);
        return stale == null ? null : new Permit(0, false, "is stale: " + stale);
    }

    /**
     * The guards in force. Graded answers may lack what the incumbent's lacked in the evidence, and the exit margin. Callers and judges
     * have scales of their own: as soon as enough of the incumbent's live answers are rated, by them; each of these guards counts from
     * its first rating on.
     */
    public static GuardRules rules(SwapPlan plan, Facts facts, Monitor seen) {
        return rules(plan, facts, seen, null);
    }

    /** @param now the source that rates at this moment, for the first time maybe */
    private static GuardRules rules(SwapPlan plan, Facts facts, Monitor seen, @Nullable Guard now) {
        Evidence evidence = facts.evidence();
        Double accuracy = evidence == null ? null : evidence.incumbentAccuracy();
        GuardRules rules = accuracy == null ? plan.guards() : plan.guards().qualityOr(1 - accuracy + plan.exitMargin());
        for (Guard source : List.of(Guard.FEEDBACK, Guard.JUDGED)) {
            Double lacking = seen.lacking(source);
            if (lacking == null && accuracy != null) {
                lacking = 1 - accuracy;
            }
            boolean counts = source == now || seen.rates(source);
            rules = lacking == null || !counts ? rules : rules.or(source, lacking + plan.exitMargin());
        }
        return rules;
    }

    /** How the live requests differ from those of the evidence; null while they do not, or nobody can tell. */
    public static @Nullable InputShift shift(Swap swap, SwapPlan plan, Facts facts) {
        DriftPlan drift = plan.drift();
        Evidence evidence = facts.evidence();
        InputMix live = swap.monitor().inputs();
        if (drift == null || evidence == null || live.n() < drift.least()) {
            return null;
        }
        InputMix known = evidence.inputs(swap.key(), plan.segments());
        if (known == null) {
            return null;
        }
        boolean labels = evidence.sharesLabels(plan.segments(), live);
        return live.shift(labels ? known : known.without(Evidence.LABEL), drift.bound());
    }

    /** By feature how far the live requests are from those of the evidence; empty while too few were seen, or nobody can tell. */
    public static Map<String, Double> distances(Swap swap, SwapPlan plan, Facts facts) {
        DriftPlan drift = plan.drift();
        Evidence evidence = facts.evidence();
        InputMix live = swap.monitor().inputs();
        InputMix known = evidence == null ? null : evidence.inputs(swap.key(), plan.segments());
        return drift == null || known == null || live.n() < drift.least() ? Map.of() : live.indices(known);
    }

    private static @Nullable String whyStale(Swap swap, Facts facts) {
        return whyStale(swap, facts.evidence(), facts.fingerprint(), facts.now());
    }

    private static @Nullable String whyStale(Swap swap, @Nullable Evidence evidence, @Nullable String fingerprint,
            Instant now) {
        if (evidence == null) {
            return "no verdict any more";
        }
        if (evidence.expiredAt(now)) {
            return "verdict " + evidence.verdictId() + " expired";
        }
        // only two known makes can differ; where either is unknown the evidence is trusted
        if (differ(fingerprint, evidence.candidateFingerprint())) {
            return "verdict " + evidence.verdictId() + (comparable(fingerprint, evidence.candidateFingerprint())
                    ? " measured another build of the model"
                    : " names the model by an older kind of fingerprint; measure it again");
        }
        if (differ(fingerprint, swap.fingerprint())) {
            return "another build of the model had earned its place";
        }
        return null;
    }

    /** Whether both are made in the same way, which the part before the first underscore names. */
    private static boolean comparable(@Nullable String one, @Nullable String other) {
        return one == null || other == null || !one.startsWith("fp") || !other.startsWith("fp")
                || one.substring(0, one.indexOf('_') + 1).equals(other.substring(0, other.indexOf('_') + 1));
    }

    private static boolean differ(@Nullable String one, @Nullable String other) {
        return one != null && other != null && !one.equals(other);
    }

    private static String words(Evidence evidence, Outcome outcome) {
        String fault = evidence.fault();
        return fault != null
                ? "verdict " + evidence.verdictId() + " cannot be trusted: " + fault
                : "verdict " + evidence.verdictId() + " "
                        + outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private interface Watch {
        Monitor next(Monitor before);
    }

    /** One event's work: the swap as it becomes, and the moves on the way. */
    private static final class Run {

        private final SwapPlan plan;
        private final Facts facts;
        private final Instant now;
        private final List<Move> moves = new ArrayList<>();
        private Swap swap;

        Run(Swap swap, SwapPlan plan, Facts facts) {
            this.swap = swap;
            this.plan = plan;
            this.facts = facts;
            this.now = facts.now();
        }

        GuardRules rules() {
            return SwapMachine.rules(plan, facts, swap.monitor());
        }

        /* ------------------------------------------ time and evidence ------------------------------------------ */

        void look() {
            if (plan.basis() == SwapPlan.Basis.STATED) {
                swap = swap.asPlanned();
            }
            expire();
            if (swap.overriddenAt(now)) {
                return;
            }
            backward();
            if (swap.hold() == null) {
                boolean moved;
                do {
                    moved = forward();
                } while (moved);
            }
        }

        private void expire() {
            Hold expired = swap.hold();
            if (expired != null && !expired.activeAt(now)) {
                held(null);
                note(Move.MACHINE, expired.kind().name().toLowerCase(Locale.ROOT) + " by " + expired.by() + " expired",
                        null);
            }
        }

        private void backward() {
            Evidence evidence = facts.evidence();
            String unplanned = unplanned();
            if (unplanned != null) {
                if (swap.state().mayBecome(SwapState.STALE)) {
                    move(SwapState.STALE, 0, 0, unplanned);
                }
                return;
            }
            switch (swap.state()) {
                case CLOSED, STALE, ROLLED_BACK -> {
                }
                case OFFLINE -> {
                    if (evidence != null && fresh(evidence) && !outcome(evidence).goodEnough()) {
                        move(SwapState.CLOSED, 0, 0, words(evidence, outcome(evidence)));
                    } else if (swap.freshAfter() == null && whyStale(swap, facts) != null) {
                        move(SwapState.STALE, 0, 0, String.valueOf(whyStale(swap, facts)));
                    }
                }
                case SHADOW, RAMP, OPEN -> {
                    String stale = whyStale(swap, facts);
                    InputShift shift = stale == null ? shift(swap, plan, facts) : null;
                    if (stale != null) {
                        move(SwapState.STALE, 0, 0, stale);
                    } else if (shift != null) {
                        strand(shift);
                    } else if (evidence != null && outcome(evidence) == Outcome.INFERIOR) {
                        rollBack(Move.MACHINE, words(evidence, Outcome.INFERIOR), null, true);
                    } else if (evidence != null && !outcome(evidence).goodEnough()) {
                        move(SwapState.STALE, 0, 0, words(evidence, outcome(evidence)));
                    }
                }
            }
        }

        /** Why evidence alone does not move it forward, and keeps it nowhere but closed; null where it may. */
        private @Nullable String unplanned() {
            boolean begun = swap.planned() || swap.state() == SwapState.SHADOW || swap.state() == SwapState.RAMP;
            return switch (plan.basis()) {
                case STATED -> null;
                case UNSTATED -> begun
                        ? "its plan is gone: state it in swaps." + swap.route() + " again, or override"
                        : null;
                case ELSEWHERE ->
                    "swaps." + swap.route() + " names another model as 'to': name this one, or override";
            };
        }

        /** The evidence speaks of other requests than these, so only newer evidence may bring the candidate back. */
        private void strand(InputShift shift) {
            String verdict = facts.evidence() == null
                    ? ""
                    : "; verdict " + facts.evidence().verdictId()
                            + " speaks of other requests";
            move(SwapState.STALE, 0, 0, shift.words() + verdict);
            swap = swap.freshAfter(now);
        }

        /** One step, if one is due. */
        private boolean forward() {
            Evidence evidence = facts.evidence();
            String unplanned = unplanned();
            if (unplanned != null) {
                boolean waits = swap.state() == SwapState.CLOSED || swap.state() == SwapState.STALE;
                swap = waits && !unplanned.equals(swap.reason()) ? swap.because(swap.verdictId(), unplanned) : swap;
                return false;
            }
            return switch (swap.state()) {
                case CLOSED, STALE -> {
                    if (evidence != null && good(evidence)) {
                        adopt(evidence);
                        move(SwapState.OFFLINE, 0, 0, words(evidence, outcome(evidence)));
                        yield true;
                    }
                    if (evidence != null && swap.state() == SwapState.CLOSED) {
                        String stale = outcome(evidence).goodEnough() ? whyStale(swap, facts) : null;
                        String why = stale == null ? words(evidence, outcome(evidence)) : stale;
                        swap = why.equals(swap.reason()) ? swap : swap.because(evidence.verdictId(), why);
                    }
                    yield false;
                }
                case ROLLED_BACK -> {
                    if (swap.notBefore() != null && now.isBefore(swap.notBefore())) {
                        yield false;
                    }
                    move(SwapState.OFFLINE, 0, 0, "the cool-down is over; fresh evidence is awaited");
                    yield true;
                }
                case OFFLINE -> {
                    if (evidence == null || !good(evidence)) {
                        yield false;
                    }
                    adopt(evidence);
                    boolean person = plan.approval() == Approval.MANUAL
                            || swap.strikes() >= plan.coolDowns().size();
                    swap = swap.because(evidence.verdictId(), words(evidence, outcome(evidence))
                            + (person ? "; awaits approval" : ""));
                    if (person) {
                        yield false;
                    }
                    start();
                    yield true;
                }
                case SHADOW -> ready(plan.approval() == Approval.AUTOMATIC) && climb(0);
                case RAMP -> ready(true) && climb(swap.step() + 1);
                case OPEN -> false;
            };
        }

        /** Whether this step has lasted long enough and seen enough; says why not where a person would wonder. */
        private boolean ready(boolean unasked) {
            if (now.isBefore(swap.since().plus(plan.dwell()))
                    || swap.monitor().candidate().requests() < plan.requests()) {
                return false;
            }
            boolean pairs = swap.monitor().pairs().pairs() > 0;
            if (swap.state() == SwapState.SHADOW && pairs && !swap.monitor().pairs().nonInferior(ALPHA)) {
                return waits("live pairs do not show yet that it is good enough");
            }
            if (swap.monitor().sampleRatio(swap.share()) >= Monitor.RATIO_ALARM) {
                return waits("sample ratio mismatch: the arms do not hold the callers that they should");
            }
            return unasked || waits("awaits approval");
        }

        private boolean waits(String why) {
            if (!swap.reason().endsWith(why)) {
                int base = swap.reason().indexOf("; ");
                swap = swap.because(swap.verdictId(),
                        (base < 0 ? swap.reason() : swap.reason().substring(0, base)) + "; " + why);
            }
            return false;
        }

        private Outcome outcome(Evidence evidence) {
            return evidence.about(swap.key(), plan.segments());
        }

        private boolean fresh(Evidence evidence) {
            return swap.freshAfter() == null || evidence.createdAt().isAfter(swap.freshAfter());
        }

        private boolean good(@Nullable Evidence evidence) {
            return evidence != null && fresh(evidence) && outcome(evidence).goodEnough() && !evidence.expiredAt(now)
                    && !differ(facts.fingerprint(), evidence.candidateFingerprint());
        }

        /** From now on the swap rests on this evidence and on the model that it measured. */
        private void adopt(@Nullable Evidence evidence) {
            if (evidence != null) {
                String make = facts.fingerprint() == null ? evidence.candidateFingerprint() : facts.fingerprint();
                swap = new Swap(swap.key(), swap.state(), swap.share(), swap.step(), swap.since(),
                        evidence.verdictId(), make, swap.freshAfter(), swap.strikes(), swap.notBefore(), swap.hold(),
                        swap.monitor(), swap.reason(), swap.planned());
            }
        }

        private void start() {
            swap = swap.withMonitor(swap.monitor().renewed(now));
            if (plan.shadow().wanted()) {
                move(SwapState.SHADOW, 0, 0, swap.reason().replaceFirst("; .*", ""));
            } else {
                climb(0);
            }
        }

        /** A step that would serve as much as the open state does is the open state. */
        private boolean climb(int step) {
            // copies are another population than what is served: their guards do not go on
            swap = swap.withMonitor(
                    swap.state() == SwapState.RAMP ? swap.monitor().newShare() : swap.monitor().renewed(now));
            boolean atOnce = plan.dwell().isZero() && plan.requests() == 0;
            boolean top = atOnce || step >= plan.ramp().size() || plan.ramp().get(step) >= plan.openShare();
            String why = swap.reason().replaceFirst("; .*", "");
            move(top ? SwapState.OPEN : SwapState.RAMP, top ? plan.openShare() : plan.ramp().get(step), top ? 0 : step,
                    why);
            return true;
        }

        /* ------------------------------------------ guards ------------------------------------------ */

        /** What the incumbent's answers are worth is the measure for any candidate's, so that is learnt in every state. */
        void rated(Rating rating) {
            if (rating.arm() == Arm.INCUMBENT) {
                swap = swap.withMonitor(swap.monitor().rated(rating, rules()));
            } else {
                watched(monitor -> monitor.rated(rating, SwapMachine.rules(plan, facts, monitor, rating.source())));
            }
        }

        /** A window that is full is looked at before it is left behind; the others are looked at as time passes. */
        void asked(SwapEvent.Asked asked) {
            DriftPlan drift = plan.drift();
            if (drift == null || !swap.watchedAt(now)) {
                return;
            }
            if (swap.monitor().inputs().n() >= drift.window() && !swap.overriddenAt(now)) {
                backward();
            }
            if (swap.watchedAt(now)) {
                swap = swap.withMonitor(swap.monitor().asked(asked.features(), drift.window()));
            }
        }

        void watched(Watch watch) {
            if (!swap.watchedAt(now)) {
                return;
            }
            swap = swap.withMonitor(watch.next(swap.monitor()));
            Alarm alarm = swap.monitor().alarm(rules());
            if (alarm != null) {
                rollBack(Move.MACHINE, alarm.words(), alarm, true);
            }
        }

        /** A person's override ends with it, for nobody overrides a guard; a freeze goes on, for it keeps things safe. */
        private void rollBack(String by, String why, @Nullable Alarm alarm, boolean strike) {
            if (!swap.state().mayBecome(SwapState.ROLLED_BACK)) {
                throw new IllegalMoveException(swap, SwapState.ROLLED_BACK);
            }
            int strikes = swap.strikes() + (strike ? 1 : 0);
            Duration coolDown = plan.coolDowns().get(Math.max(0, Math.min(strikes, plan.coolDowns().size()) - 1));
            SwapState from = swap.state();
            Hold held = swap.holdAt(now);
            Hold kept = held != null && held.kind() == Hold.Kind.FREEZE ? held : null;
            swap = new Swap(swap.key(), SwapState.ROLLED_BACK, 0, 0, now, swap.verdictId(), null, now, strikes,
                    now.plus(coolDown), kept, swap.monitor(), why, swap.planned());
            moves.add(new Move(now, swap.key(), from, SwapState.ROLLED_BACK, 0, by, why, swap.verdictId(), alarm));
        }

        /* ------------------------------------------ people ------------------------------------------ */

        void approve(SwapEvent.Approved approved) {
            signed(approved.by(), approved.skipsWaiting() ? approved.reason() : "-");
            if (swap.holdAt(now) != null) {
                throw new IllegalMoveException(swap, "it is held; release it first");
            }
            String unplanned = unplanned();
            if (unplanned != null) {
                throw new IllegalMoveException(swap, unplanned);
            }
            backward();
            String waits = approved.skipsWaiting() ? null : waitsFor();
            if (waits != null) {
                throw new IllegalMoveException(swap, waits);
            }
            SwapState from = swap.state();
            int first = moves.size();
            switch (from) {
                case OFFLINE -> {
                    if (!good(facts.evidence())) {
                        throw new IllegalMoveException(swap,
                                "it needs a fresh verdict that is good enough, or an override");
                    }
                    adopt(facts.evidence());
                    start();
                }
                case SHADOW -> climb(0);
                case RAMP -> climb(swap.step() + 1);
                case CLOSED, OPEN, ROLLED_BACK, STALE ->
                    throw new IllegalMoveException(swap, "there is nothing to approve");
            }
            moves.subList(first, moves.size()).clear();
            note(approved.by(), approved.reason().isBlank() ? "approved" : approved.reason(), from);
        }

        /** What a step that nobody skips still needs; null where it is due and only a person's word is missing. */
        private @Nullable String waitsFor() {
            boolean shadow = swap.state() == SwapState.SHADOW;
            if (!shadow && swap.state() != SwapState.RAMP) {
                return null;
            }
            Instant due = swap.since().plus(plan.dwell());
            long missing = plan.requests() - swap.monitor().candidate().requests();
            if (now.isBefore(due) || missing > 0) {
                return "the next step is not due: it lasts until " + due.truncatedTo(ChronoUnit.SECONDS)
                        + (missing > 0 ? " and needs " + missing + " more answers of the candidate" : "")
                        + "; --skip-waiting with a reason takes it all the same";
            }
            if (shadow && swap.monitor().pairs().pairs() > 0 && !swap.monitor().pairs().nonInferior(ALPHA)) {
                return "live pairs do not show yet that it is good enough";
            }
            return null;
        }

        void rollBack(SwapEvent.RolledBack back) {
            signed(back.by(), back.reason());
            if (!swap.state().serves() && swap.state() != SwapState.SHADOW && swap.shareAt(now) <= 0) {
                throw new IllegalMoveException(swap, "it serves nothing that could be taken back");
            }
            rollBack(back.by(), back.reason(), null, false);
        }

        void override(Hold hold) {
            expire();
            unheldBy(Hold.Kind.FREEZE);
            if (hold.share() > 0 && swap.state() == SwapState.ROLLED_BACK) {
                if (swap.notBefore() != null && now.isBefore(swap.notBefore())) {
                    throw new IllegalMoveException(swap, "nobody overrides a roll-back before " + swap.notBefore());
                }
                move(SwapState.OFFLINE, 0, 0, "the cool-down is over");
            }
            Hold other = swap.holdAt(now);
            Monitor counted = other == null ? swap.monitor() : other.before();
            if (!swap.state().serves() && swap.shareAt(now) <= 0) {
                swap = swap.withMonitor(swap.state() == SwapState.SHADOW
                        ? swap.monitor().interrupted(now)
                        : swap.monitor().renewed(now));
            }
            hold(hold.keeping(swap.state() == SwapState.SHADOW || swap.state().serves() ? counted : null));
        }

        void freeze(Hold hold) {
            expire();
            unheldBy(Hold.Kind.OVERRIDE);
            hold(hold);
        }

        /** What one person has decided another ends knowingly or not at all. */
        private void unheldBy(Hold.Kind kind) {
            Hold held = swap.holdAt(now);
            if (held != null && held.kind() == kind) {
                throw new IllegalMoveException(swap, "it is held; release it first");
            }
        }

        private void hold(Hold hold) {
            signed(hold.by(), hold.reason());
            if (hold.until().isAfter(now.plus(LONGEST_HOLD))) {
                throw new IllegalMoveException(swap, "a person's word holds for " + LONGEST_HOLD.toDays()
                        + " days at most");
            }
            held(hold);
            note(hold.by(),
                    (hold.kind() == Hold.Kind.FREEZE ? "frozen" : "overridden") + " until " + hold.until() + ": "
                            + hold.reason(),
                    null);
        }

        void release(SwapEvent.Released released) {
            signed(released.by(), "-");
            if (swap.hold() == null) {
                throw new IllegalMoveException(swap, "nobody holds it");
            }
            held(null);
            note(released.by(), "released" + (released.reason().isBlank() ? "" : ": " + released.reason()), null);
        }

        /** Where an override begins or ends the share is another: an override counts for itself, and what it interrupted goes on after it. */
        private void held(@Nullable Hold hold) {
            Hold ended = swap.hold();
            Monitor before = hold == null && ended != null ? ended.before() : null;
            if (before != null) {
                swap = swap.withMonitor(swap.monitor().resumed(before, swap.state().serves()));
            } else if (overrides(ended) || overrides(hold)) {
                swap = swap.withMonitor(swap.monitor().newShare());
            }
            swap = swap.withHold(hold);
        }

        private static boolean overrides(@Nullable Hold hold) {
            return hold != null && hold.kind() == Hold.Kind.OVERRIDE;
        }

        private void signed(String by, String reason) {
            if (by.isBlank() || reason.isBlank()) {
                throw new IllegalMoveException(swap, "say who decides and why");
            }
        }

        /* ------------------------------------------ both ------------------------------------------ */

        private void move(SwapState to, double share, int step, String why) {
            if (!swap.state().mayBecome(to)) {
                throw new IllegalMoveException(swap, to);
            }
            SwapState from = swap.state();
            swap = new Swap(swap.key(), to, share, step, now, swap.verdictId(), swap.fingerprint(), swap.freshAfter(),
                    swap.strikes(), to == SwapState.OFFLINE ? null : swap.notBefore(), swap.hold(), swap.monitor(),
                    why, swap.planned());
            note(Move.MACHINE, why, from);
        }

        /** @param from null when the state is what it was */
        private void note(String by, String why, @Nullable SwapState from) {
            moves.add(new Move(now, swap.key(), from == null ? swap.state() : from, swap.state(), swap.shareAt(now), by,
                    why, swap.verdictId(), null));
        }
    }
}
