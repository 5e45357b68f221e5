package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.swap.Assignment;
import dev.pareto.policies.swap.Evidence;
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

    /**
     * @param share the most of the route's traffic that the candidate may serve
     * @param evidence the verdict that this rests on; null when there is none or none is needed
     * @param refusal why it may not serve this request; null when it may
     * @param overridden whether a person let it serve over the evidence
     * @param stake the request's part in the swap; null where there is none
     */
    record Pass(double share, @Nullable Evidence evidence, @Nullable String refusal, boolean overridden,
            @Nullable Stake stake) {

        static final Pass FREE = new Pass(1, null, null, false, null);
    }

    Pass check(Route route, ModelId candidate, boolean open, @Nullable Policy policy, RequestFeatures request,
            Snapshot snapshot) {
        ModelId baseline = route.baseline();
        if (baseline == null || !open || candidate.equals(baseline)) {
            return Pass.FREE;
        }
        Instant now = snapshot.swaps().time(request.at());
        Replacement replacement = Replacement.unguarded(snapshot.config(), snapshot.verdicts(), snapshot.fingerprint(),
                route,
                candidate, baseline, policy, now);
        SwapPlan plan = replacement.plan();
        Segments.Place place = plan.segments().place(request.tags());
        if (place.refusal() != null) {
            return new Pass(0, null, place.refusal() + ": " + candidate + " does not serve it", false, null);
        }
        SwapKey key = new SwapKey(route.name(), candidate, place.segment());
        Swap stored = snapshot.swaps().find(key);
        Swap swap = stored == null
                ? machine.derive(key, replacement.guarded(policy).plan(), replacement.facts())
                : stored;
        SwapMachine.Permit permit = machine.permit(swap, plan, replacement.facts());
        boolean assigned = permit.share() >= 1 || Assignment.within(key.salt(), request.unit(), permit.share());
        String evidenceAgainst = permit.overridden()
                ? null
                : evidenceAgainst(replacement, request, route, baseline, snapshot);
        var stake = new Stake(key, swap.state(), permit.share(), assigned,
                swap.shadowsAt(now) && evidenceAgainst == null, false);
        String refusal = evidenceAgainst == null ? refusal(swap, permit, assigned, candidate) : evidenceAgainst;
        Evidence evidence = replacement.facts().evidence();
        return new Pass(evidenceAgainst == null ? permit.share() : 0,
                evidence == null || evidence.expiredAt(now) ? null : evidence, refusal, permit.overridden(),
                stake);
    }

    /** Why the evidence alone forbids it; null when it does not. */
    private static @Nullable String evidenceAgainst(Replacement replacement, RequestFeatures request, Route route,
            ModelId baseline, Snapshot snapshot) {
        Evidence evidence = replacement.facts().evidence();
        SwapPlan plan = replacement.plan();
        ModelId candidate = plan.to();
        if (evidence == null || evidence.expiredAt(replacement.facts().now())) {
            return whyNone(snapshot.verdicts().newest(route.name()), plan, candidate, baseline,
                    snapshot.config().catalogue().simulated(baseline));
        }
        Segments segments = plan.segments();
        if (!segments.outcome(evidence, request.tags()).goodEnough()) {
            return candidate + " is not good enough"
                    + (segments.tag() == null ? "" : " in segment " + request.tags().get(segments.tag())) + ": "
                    + Words.of(evidence);
        }
        return evidence.margin() > plan.margin() + 1e-9 && evidence.lower() <= -plan.margin()
                ? candidate + " is not good enough: " + Words.of(evidence) + ", but " + Words.points(plan.margin())
                        + " is asked"
                : null;
    }

    private static @Nullable String refusal(Swap swap, SwapMachine.Permit permit, boolean assigned,
            ModelId candidate) {
        if (permit.share() <= 0) {
            String why = swap.state() == SwapState.OFFLINE && swap.reason().endsWith("awaits approval")
                    ? "awaits approval (" + swap.reason() + ")"
                    : permit.why();
            return "swap to " + candidate + " " + why;
        }
        return assigned
                ? null
                : "this caller is outside the " + Words.share(permit.share()) + " that " + candidate + " serves";
    }

    /** The newest unexpired evidence about a pair that may be used for this reference. */
    static @Nullable Evidence newest(List<Evidence> verdicts, ModelId candidate, ModelId incumbent, boolean simulated,
            Instant at) {
        Evidence newest = null;
        for (Evidence evidence : verdicts) {
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
