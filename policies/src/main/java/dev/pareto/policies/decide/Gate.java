package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.AccuracyFloor;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.swap.Approval;
import dev.pareto.policies.swap.Assignment;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Outcome;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapMachine;
import dev.pareto.policies.swap.SwapPlan;
import dev.pareto.policies.swap.SwapState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one gate: where a route has a closed baseline, an open candidate serves only as far as its swap state allows, and only
 * while the newest unexpired verdict says that it is good enough. Everything else chooses within that.
 */
final class Gate {

    private final SwapMachine machine = new SwapMachine();

    /**
     * @param share the most of the route's traffic that the candidate may serve
     * @param evidence the verdict that this rests on; null when there is none or none is needed
     * @param refusal why it may not serve this request; null when it may
     */
    record Pass(double share, @Nullable Evidence evidence, @Nullable String refusal) {

        static final Pass FREE = new Pass(1, null, null);
    }

    Pass check(Route route, ModelId candidate, boolean open, @Nullable Policy policy, RequestFeatures request,
            Snapshot snapshot) {
        ModelId baseline = route.baseline();
        if (baseline == null || !open || candidate.equals(baseline)) {
            return Pass.FREE;
        }
        List<Evidence> verdicts = snapshot.verdicts().newest(route.name());
        boolean baselineSimulated = snapshot.config().catalogue().simulated(baseline);
        Evidence evidence = newest(verdicts, candidate, baseline, baselineSimulated, request.at());
        if (evidence == null) {
            return new Pass(0, null, whyNone(verdicts, route, candidate, baseline, baselineSimulated));
        }
        SwapPlan plan = plan(route, candidate, policy, evidence, snapshot);
        if (!evidence.outcome().goodEnough()) {
            return new Pass(0, evidence, candidate + " is not good enough: " + Words.of(evidence));
        }
        if (evidence.margin() > plan.margin() + 1e-9 && evidence.lower() <= -plan.margin()) {
            return new Pass(0, evidence, candidate + " is not good enough: " + Words.of(evidence) + ", but "
                    + Words.points(plan.margin()) + " is asked");
        }
        return share(plan, evidence, candidate, request, snapshot);
    }

    private Pass share(SwapPlan plan, Evidence evidence, ModelId candidate, RequestFeatures request,
            Snapshot snapshot) {
        String fingerprint = snapshot.fingerprint().of(candidate);
        Swap stored = snapshot.swaps().find(plan.route(), candidate);
        Swap swap = stored == null
                ? machine.derive(plan, evidence, fingerprint, request.at())
                : machine.onTick(stored, plan, evidence, fingerprint, request.at());
        if (swap.share() <= 0) {
            String why = swap.state() == SwapState.OFFLINE && plan.approval() == Approval.MANUAL
                    ? "awaits approval (" + Words.of(evidence) + ")"
                    : "is " + swap.state().name().replace('_', ' ').toLowerCase(java.util.Locale.ROOT) + ": "
                            + swap.reason();
            return new Pass(0, evidence, "swap to " + candidate + " " + why);
        }
        return Assignment.within(plan.route() + "/" + candidate, request.unit(), swap.share())
                ? new Pass(swap.share(), evidence, null)
                : new Pass(swap.share(), evidence,
                        "this caller is outside the " + Words.share(swap.share()) + " that " + candidate + " serves");
    }

    /** The newest unexpired evidence about a pair that may be used for this reference. */
    static @Nullable Evidence newest(List<Evidence> verdicts, ModelId candidate, ModelId incumbent, boolean simulated,
            Instant at) {
        return verdicts.stream()
                .filter(evidence -> isAbout(evidence, candidate, incumbent))
                .filter(evidence -> SwapMachine.counts(evidence, simulated) && !evidence.expiredAt(at))
                .max(Comparator.comparing(Evidence::createdAt).thenComparing(Evidence::verdictId))
                .orElse(null);
    }

    private static boolean isAbout(Evidence evidence, ModelId candidate, ModelId incumbent) {
        return evidence.candidate().equals(candidate) && evidence.incumbent().equals(incumbent);
    }

    private static String whyNone(List<Evidence> verdicts, Route route, ModelId candidate, ModelId baseline,
            boolean baselineSimulated) {
        Evidence unusable = verdicts.stream()
                .filter(evidence -> isAbout(evidence, candidate, baseline))
                .max(Comparator.comparing(Evidence::createdAt))
                .orElse(null);
        if (unusable == null) {
            return "no verdict yet for " + candidate + " on " + route.name();
        }
        return SwapMachine.counts(unusable, baselineSimulated)
                ? "verdict " + unusable.verdictId() + " for " + candidate + " on " + route.name() + " expired"
                : "verdict " + unusable.verdictId() + " for " + candidate + " is simulated and " + baseline + " is not";
    }

    private static SwapPlan plan(Route route, ModelId candidate, @Nullable Policy policy, Evidence evidence,
            Snapshot snapshot) {
        SwapPlan plan = snapshot.config().swaps().get(route.name());
        if (plan != null && plan.to().equals(candidate)) {
            return plan;
        }
        double margin = policy == null
                ? evidence.margin()
                : policy.constraints()
                        .accuracy()
                        .stream()
                        .filter(AccuracyFloor.Within.class::isInstance)
                        .mapToDouble(floor -> ((AccuracyFloor.Within) floor).margin())
                        .min()
                        .orElse(evidence.margin());
        return SwapPlan.unstated(route.name(), candidate, margin);
    }

    /** Whether evidence supports a claim of "not more than the margin worse". */
    static boolean supports(Evidence evidence, double margin, double confidence) {
        boolean good = switch (evidence.outcome()) {
            case SUPERIOR, NON_INFERIOR -> true;
            case INFERIOR, INCONCLUSIVE, INVALID -> false;
        };
        return good && evidence.confidence() >= confidence - 1e-9
                && (evidence.outcome() == Outcome.SUPERIOR || evidence.margin() <= margin + 1e-9
                        || evidence.lower() > -margin);
    }
}
