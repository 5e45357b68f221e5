package dev.pareto.policies.decide;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.swap.Assignment;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Facts;
import dev.pareto.policies.swap.Outcome;
import dev.pareto.policies.swap.Segments;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.swap.SwapMachine;
import dev.pareto.policies.swap.SwapPlan;
import dev.pareto.policies.swap.SwapState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one gate: where a route has a closed baseline, an open candidate serves only as far as its swap state allows for the request's
 * segment, and only while the newest unexpired verdict says that it is good enough, unless a person has overridden that. Everything else
 * chooses within it.
 */
final class Gate {

    private static final Comparator<Evidence> NEWER = Comparator.comparing(Evidence::createdAt)
            .thenComparing(Evidence::verdictId);

    private final SwapMachine machine = new SwapMachine();

    /** Leaves in the weighing what it lets through. */
    void check(Weighing one, Matter matter) {
        Route route = matter.route;
        ModelId baseline = route.baseline();
        ModelId candidate = one.model;
        if (baseline == null || !one.open || candidate.equals(baseline)) {
            return;
        }
        Snapshot snapshot = matter.snapshot;
        Instant now = snapshot.swaps().time(matter.request.at());
        SwapPlan stated = Replacement.stated(snapshot.config(), route, candidate);
        Segments.Place place = Replacement.place(snapshot.config(), route, matter.request.tags());
        if (place.refusal() != null) {
            one.share = 0;
            one.closed = place.refusal() + ": " + candidate + " does not serve it";
            return;
        }
        Evidence evidence = Replacement.leading(snapshot.verdicts().newest(route.name()), candidate, baseline,
                snapshot.config().catalogue().simulated(baseline), stated, now);
        String fingerprint = snapshot.fingerprint().of(candidate);
        // parts with a life of their own are the planned model's
        SwapKey key = one.key(route.name(), stated == null ? SwapKey.REST : place.segment());
        Swap stored = snapshot.swaps().find(key);
        Swap swap = stored == null
                ? machine.derive(key, Replacement.guarded(plan(stated, one, matter, evidence), matter.policy),
                        new Facts(evidence, fingerprint, now))
                : stored;
        SwapMachine.Permit other = machine.otherwise(swap, evidence, fingerprint, now);
        double share = other == null ? swap.share() : other.share();
        one.overridden = other != null && other.overridden();
        boolean assigned = share >= 1 || (share > 0 && Assignment.within(one.salt(key), matter.request.unit(), share));
        String against = one.overridden ? null : evidenceAgainst(stated, one, matter, evidence, now);
        one.stake = new Stake(key, swap.state(), share, assigned, swap.shadowsAt(now) && against == null, false);
        one.closed = against == null ? refusal(swap, share, other, assigned, candidate) : against;
        one.evidence = evidence == null || evidence.expiredAt(now) ? null : evidence;
        one.share = against == null ? share : 0;
    }

    private static SwapPlan plan(@Nullable SwapPlan stated, Weighing one, Matter matter, @Nullable Evidence evidence) {
        return stated != null
                ? stated
                : Replacement.unstated(matter.snapshot.config(), matter.route, one.model,
                        Replacement.margin(matter.policy, evidence));
    }

    /** Why the evidence alone forbids it; null when it does not. */
    private static @Nullable String evidenceAgainst(@Nullable SwapPlan stated, Weighing one, Matter matter,
            @Nullable Evidence evidence, Instant now) {
        Route route = matter.route;
        ModelId candidate = one.model;
        if (evidence == null || evidence.expiredAt(now)) {
            ModelId baseline = requireNonNull(route.baseline(), "baseline is null");
            return whyNone(matter.snapshot.verdicts().newest(route.name()), plan(stated, one, matter, evidence),
                    candidate, baseline, matter.snapshot.config().catalogue().simulated(baseline));
        }
        Segments segments = stated == null ? Segments.NONE : stated.segments();
        if (!segments.outcome(evidence, matter.request.tags()).goodEnough()) {
            return candidate + " is not good enough"
                    + (segments.tag() == null ? "" : " in segment " + matter.request.tags().get(segments.tag())) + ": "
                    + Words.of(evidence);
        }
        double margin = stated == null ? Replacement.margin(matter.policy, evidence) : stated.margin();
        return evidence.margin() > margin + 1e-9 && evidence.lower() <= -margin
                ? candidate + " is not good enough: " + Words.of(evidence) + ", but " + Words.points(margin)
                        + " is asked"
                : null;
    }

    private static @Nullable String refusal(Swap swap, double share, SwapMachine.@Nullable Permit other,
            boolean assigned, ModelId candidate) {
        if (share <= 0) {
            String why = swap.state() == SwapState.OFFLINE && swap.reason().endsWith("awaits approval")
                    ? "awaits approval (" + swap.reason() + ")"
                    : other == null ? "" : other.why();
            return "swap to " + candidate + " " + why;
        }
        return assigned
                ? null
                : "this caller is outside the " + Words.share(share) + " that " + candidate + " serves";
    }

    /** The newest unexpired evidence about a pair that may be used for this reference. */
    static @Nullable Evidence newest(List<Evidence> verdicts, ModelId candidate, ModelId incumbent, boolean simulated,
            Instant at) {
        Evidence newest = null;
        for (int i = 0; i < verdicts.size(); i++) {
            Evidence evidence = verdicts.get(i);
            if (Replacement.isAbout(evidence, candidate, incumbent) && SwapMachine.counts(evidence, simulated)
                    && !evidence.expiredAt(at) && (newest == null || NEWER.compare(evidence, newest) > 0)) {
                newest = evidence;
            }
        }
        return newest;
    }

    static String whyNone(List<Evidence> verdicts, SwapPlan plan, ModelId candidate, ModelId baseline,
            boolean baselineSimulated) {
        List<Evidence> known = verdicts.stream()
                .filter(evidence -> Replacement.isAbout(evidence, candidate, baseline))
                .toList();
        Evidence madeUp = verdicts.stream()
                .filter(evidence -> evidence.candidate().equals(candidate) && evidence.simulated())
                .max(Comparator.comparing(Evidence::createdAt))
                .orElse(null);
        if (known.isEmpty() && madeUp != null) {
            return simulated(madeUp, candidate);
        }
        for (String suite : plan.suites()) {
            if (known.stream().noneMatch(evidence -> suite.equals(evidence.suite()))) {
                return "no verdict of suite " + suite + " yet for " + candidate + " on " + plan.route();
            }
        }
        Evidence unusable = known.stream().max(Comparator.comparing(Evidence::createdAt)).orElse(null);
        if (unusable == null) {
            return "no verdict yet for " + candidate + " on " + plan.route();
        }
        return SwapMachine.counts(unusable, baselineSimulated)
                ? "verdict " + unusable.verdictId() + " for " + candidate + " on " + plan.route() + " expired"
                : simulated(unusable, candidate);
    }

    private static String simulated(Evidence evidence, ModelId candidate) {
        return "the newest verdict for " + candidate + ", " + evidence.verdictId()
                + ", was obtained against a simulated vendor and moves no real traffic";
    }

    /** Whether evidence, whose good word on the request's traffic this is, also holds at this margin. */
    static boolean tightEnough(Evidence evidence, Outcome outcome, double margin) {
        return outcome == Outcome.SUPERIOR || evidence.margin() <= margin + 1e-9 || evidence.lower() > -margin;
    }
}
