package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.AccuracyFloor;
import dev.pareto.policies.policy.AccuracyFloor.Basis;
import dev.pareto.policies.policy.Constraints;
import dev.pareto.policies.policy.Floor;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.predict.AccuracyForecasts;
import dev.pareto.policies.predict.FloorAnswer;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.swap.Assignment;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Outcome;
import dev.pareto.policies.swap.SwapPlan;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which constraints a candidate misses: the policy's, the request's own, and the floors that nothing relaxes. */
final class Bounds {

    private static final double ROUNDING = 1e-9;

    private final Matter matter;

    Bounds(Matter matter) {
        this.matter = matter;
    }

    void check(Weighing candidate) {
        Policy policy = matter.policy;
        if (policy != null) {
            // a person who overrides answers for the candidate's quality in place of a verdict
            check(candidate, policy.constraints(), "", false, !candidate.overridden);
        }
        Overrides asked = matter.request.overrides();
        if (asked.minAccuracy() != null) {
            atLeast(candidate, new AccuracyFloor.AtLeast(asked.minAccuracy()), "", "Pareto-Min-Accuracy", true, true);
        }
        latency(candidate, "", "Pareto-Max-Latency-Ms", asked.maxLatency(), candidate.latency.totalP95(), true);
        cost(candidate, "", "Pareto-Max-Cost-Usd", matter.mostAsked, true);
        for (int i = 0; i < matter.floors.size(); i++) {
            Floor floor = matter.floors.get(i);
            check(candidate, floor.constraints(), floor.name(), true, true);
        }
    }

    private static String named(String floor, String constraint) {
        return floor.isEmpty() ? constraint : "floor " + floor + ": " + constraint;
    }

    /** @param who the floor whose constraints these are; empty for a policy's */
    private void check(Weighing candidate, Constraints constraints, String who, boolean hard, boolean quality) {
        if (quality) {
            List<AccuracyFloor> floors = constraints.accuracy();
            for (int i = 0; i < floors.size(); i++) {
                switch (floors.get(i)) {
                    case AccuracyFloor.Within within -> within(candidate, within, who, hard);
                    case AccuracyFloor.AtLeast least ->
                        atLeast(candidate, least, who, "accuracy at-least", hard, !hard);
                }
            }
        }
        latency(candidate, who, "latency first-token-p95", constraints.firstTokenP95(),
                candidate.latency.firstTokenP95(), hard);
        latency(candidate, who, "latency total-p95", constraints.totalP95(), candidate.latency.totalP95(), hard);
        cost(candidate, who, "cost at-most", constraints.costAtMost(), hard);
    }

    /* ---------------------------------------- accuracy ---------------------------------------- */

    private void within(Weighing candidate, AccuracyFloor.Within within, String who, boolean hard) {
        if (candidate.model.equals(within.reference())) {
            return;
        }
        if (within.basis() == Basis.PROMPT) {
            withinPerPrompt(candidate, within, who, hard);
            return;
        }
        Snapshot snapshot = matter.snapshot;
        Evidence evidence = Gate.newest(snapshot.verdicts().newest(matter.route.name()), candidate.model,
                within.reference(), snapshot.config().catalogue().simulated(within.reference()), matter.request.at());
        Outcome outcome = evidence == null ? null : outcome(evidence);
        if (evidence != null && outcome != null && outcome.goodEnough()
                && Gate.tightEnough(evidence, outcome, within.margin())
                && evidence.confidence() >= within.confidence() - ROUNDING) {
            return;
        }
        String name = named(who, "accuracy within");
        String limit = Words.points(within.margin()) + " of " + within.reference();
        if (evidence == null || outcome == null) {
            candidate.miss(new Violation(name, limit, "unknown", Double.POSITIVE_INFINITY, hard));
            return;
        }
        if (!outcome.goodEnough()) {
            candidate.miss(new Violation(name, limit, "unknown, verdict " + evidence.verdictId() + " is "
                    + outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'), Double.POSITIVE_INFINITY, hard));
            return;
        }
        if (!Gate.tightEnough(evidence, outcome, within.margin())) {
            double loss = Math.min(evidence.margin(), Words.pointsAbove(-evidence.lower()));
            candidate.miss(new Violation(name, limit, Words.points(loss) + " of " + within.reference(),
                    within.margin() > 0 ? loss / within.margin() - 1 : Double.MAX_VALUE, hard));
        }
        if (evidence.confidence() < within.confidence() - ROUNDING) {
            candidate.miss(new Violation(named(who, "accuracy confidence"), Words.share(within.confidence()),
                    Words.shareBelow(evidence.confidence()), within.confidence() / evidence.confidence() - 1, hard));
        }
    }

    private void withinPerPrompt(Weighing candidate, AccuracyFloor.Within within, String who, boolean hard) {
        AccuracyForecasts accuracies = matter.accuracies;
        FloorAnswer answer = accuracies == null
                ? new FloorAnswer.NotLearnt()
                : accuracies.floor(candidate.model, within.reference(), within.margin(), within.confidence());
        String actual = switch (answer) {
            case FloorAnswer.Kept kept -> null;
            case FloorAnswer.Escalated escalated when Double.isInfinite(escalated.threshold()) ->
                "unknown, no threshold keeps that promise on " + escalated.labels() + " labels";
            case FloorAnswer.Escalated escalated -> "unknown, the reference is expected to gain "
                    + Words.points(escalated.score()) + " on this prompt and the threshold is "
                    + Words.points(escalated.threshold());
            case FloorAnswer.TooFewLabels few ->
                "unknown, " + few.missing() + " labels are missing (there are " + few.labels() + ")";
            case FloorAnswer.NotLearnt none -> "unknown, nothing is learnt of this pair yet";
        };
        if (actual != null) {
            candidate.miss(new Violation(named(who, "accuracy within"), Words.points(within.margin()) + " of "
                    + within.reference() + " per prompt", actual, Double.POSITIVE_INFINITY, hard));
        }
    }

    private Outcome outcome(Evidence evidence) {
        SwapPlan plan = matter.snapshot.config().swaps().get(matter.route.name());
        return plan != null && plan.to().equals(evidence.candidate())
                ? plan.segments().outcome(evidence, matter.request.tags())
                : evidence.outcome();
    }

    /** @param trusted whether the baseline is taken to be good where nobody measured it */
    private void atLeast(Weighing candidate, AccuracyFloor.AtLeast floor, String who, String name,
            boolean hard, boolean trusted) {
        double accuracy = switch (floor.basis()) {
            case ROUTE -> measured(candidate.model);
            case PROMPT -> predicted(candidate);
            case EITHER -> candidate.accuracy == null ? measured(candidate.model) : predicted(candidate);
        };
        double least = floor.accuracy();
        if (Double.isNaN(accuracy)) {
            if (!trusted || !candidate.baseline) {
                candidate.miss(
                        new Violation(named(who, name), Words.share(least), "unknown", Double.POSITIVE_INFINITY, hard));
            }
        } else if (accuracy < least - ROUNDING) {
            candidate.miss(new Violation(named(who, name), Words.share(least), Words.shareBelow(accuracy),
                    (least - accuracy) / least, hard));
        }
    }

    /** For the prompt; NaN where nothing was learnt. */
    private static double predicted(Weighing candidate) {
        return candidate.accuracy == null ? Double.NaN : candidate.accuracy.probability();
    }

    /** By the newest verdict that counts on this route; NaN when there is none. */
    double measured(ModelId id) {
        ModelId baseline = matter.route.baseline();
        boolean simulated = baseline != null && matter.snapshot.config().catalogue().simulated(baseline);
        List<Evidence> verdicts = matter.snapshot.verdicts().newest(matter.route.name());
        Evidence newest = null;
        double accuracy = Double.NaN;
        for (int i = 0; i < verdicts.size(); i++) {
            Evidence evidence = verdicts.get(i);
            Double found = evidence.candidate().equals(id)
                    ? evidence.candidateAccuracy()
                    : evidence.incumbent().equals(id) ? evidence.incumbentAccuracy() : null;
            if (found != null && !evidence.expiredAt(matter.request.at()) && (simulated || !evidence.simulated())
                    && (newest == null || evidence.createdAt().isAfter(newest.createdAt()))) {
                newest = evidence;
                accuracy = found;
            }
        }
        return accuracy;
    }

    /* ------------------------------------ latency and cost ------------------------------------ */

    /**
     * A latency seen too seldom binds nothing, not even in a floor: nobody would ever be seen often enough. A policy's limit is set aside
     * by a few requests where nobody has called the model for a while: it may have recovered.
     */
    private void latency(Weighing candidate, String who, String name, @Nullable Duration limit,
            @Nullable Duration predicted, boolean hard) {
        if (limit != null && predicted != null
                && candidate.latency.observations() >= Assessor.ENOUGH_OBSERVATIONS
                && predicted.compareTo(limit) > 0
                && (hard || !probes(candidate))) {
            candidate.miss(new Violation(named(who, name), Words.of(limit), Words.above(predicted),
                    (double) predicted.toNanos() / limit.toNanos() - 1, hard));
        }
    }

    private boolean probes(Weighing candidate) {
        double share = candidate.latency.probeShare();
        return share > 0 && Assignment.within("probe/" + candidate.model, matter.request.requestId(), share);
    }

    private static void cost(Weighing candidate, String who, String name, @Nullable Money limit, boolean hard) {
        if (limit == null) {
            return;
        }
        Money predicted = candidate.cost;
        if (predicted == null || !predicted.currency().equals(limit.currency())) {
            candidate
                    .miss(new Violation(named(who, name), limit.toString(), "unknown", Double.POSITIVE_INFINITY, hard));
        } else if (predicted.compareTo(limit) > 0) {
            double excess = limit.amount().signum() == 0
                    ? Double.MAX_VALUE
                    : predicted.amount().doubleValue() / limit.amount().doubleValue() - 1;
            candidate.miss(new Violation(named(who, name), limit.toString(), predicted.toString(), excess, hard));
        }
    }
}
