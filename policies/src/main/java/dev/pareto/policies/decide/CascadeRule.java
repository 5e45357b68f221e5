package dev.pareto.policies.decide;

import dev.pareto.policies.cascade.AcceptanceRates;
import dev.pareto.policies.cascade.CascadePlan;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.AccuracyFloor;
import dev.pareto.policies.policy.CachePolicy;
import dev.pareto.policies.policy.Constraints;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.swap.Assignment;
import dev.pareto.policies.swap.Segments;
import dev.pareto.policies.swap.SwapPlan;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a decided request asks its route's first model before the one that was chosen. A cascade that judges whole answers is the one
 * exception to the gate, and to nothing else: hard refusals, the operator's closed segments, a swap that is moving traffic and the policy's
 * limits on the sum of both calls stand above it. Pure; safe for many threads.
 */
public final class CascadeRule {

    /**
     * @param decision as the engine made it
     * @param rates how often first answers passed
     * @return null where the route has no cascade
     */
    public @Nullable CascadeStep decide(Route route, Decision decision, RequestFeatures request, Snapshot snapshot,
            AcceptanceRates rates) {
        CascadePlan plan = route.cascade();
        if (plan == null) {
            return null;
        }
        if (request.overrides().model() != null) {
            return new CascadeStep.Stand("Pareto-Model names the model");
        }
        List<ModelId> escalation = escalation(plan, decision, snapshot);
        String kept = escalation.isEmpty()
                ? "nothing to escalate to"
                : plan.verifiesAll()
                        ? keptBack(plan, decision, request, snapshot)
                        : notAdmitted(plan, decision);
        return kept != null
                ? new CascadeStep.Stand(Words.line(kept))
                : weigh(plan, escalation, route, decision, request, snapshot, rates);
    }

    /** The stated model first, then whatever the decision would fall back to; alone where it can only not be called now. */
    private static List<ModelId> escalation(CascadePlan plan, Decision decision, Snapshot snapshot) {
        List<ModelId> models = new ArrayList<>();
        if (decision.outcome() instanceof Outcome.Chosen chosen) {
            models.add(chosen.model());
            models.addAll(chosen.fallbacks());
            models.remove(plan.first());
            if (models.remove(plan.escalateTo())) {
                models.addFirst(plan.escalateTo());
            }
        } else {
            Assessment strong = assessment(decision, plan.escalateTo());
            if (strong != null && strong.refusals().size() == 1 && strong.violations().isEmpty()
                    && !snapshot.available().test(plan.escalateTo())) {
                models.add(plan.escalateTo());
            }
        }
        return models;
    }

    /** Why whole answers of the first model are none the less not asked for; null when they may be. */
    private static @Nullable String keptBack(CascadePlan plan, Decision decision, RequestFeatures request,
            Snapshot snapshot) {
        Assessment first = assessment(decision, plan.first());
        Stake stake = first == null ? null : first.stake();
        if (stake != null && stake.share() > 0) {
            return "a swap moves the traffic to " + plan.first() + ": " + Words.share(stake.share());
        }
        SwapPlan swap = snapshot.config().swaps().get(decision.route());
        if (swap == null || (first != null && !first.open())) {
            return null;
        }
        Segments.Place place = swap.segments().place(request.tags());
        return place.refusal();
    }

    /** What follows the first tokens is not judged, so only the gate can let it out. */
    private static @Nullable String notAdmitted(CascadePlan plan, Decision decision) {
        return decision.outcome() instanceof Outcome.Chosen chosen && chosen.model().equals(plan.first())
                ? null
                : "only first tokens would be judged and the decision is not for " + plan.first();
    }

    private static CascadeStep weigh(CascadePlan plan, List<ModelId> escalation, Route route, Decision decision,
            RequestFeatures request, Snapshot snapshot, AcceptanceRates rates) {
        Rules rules = new Rules();
        Policy policy = applied(rules, route, request, snapshot.config());
        Matter matter = new Matter().begin(ungated(route), policy == null ? null : without(policy, plan), rules,
                request, snapshot);
        Assessor assessor = new Assessor(matter);
        Assessment first = assess(plan.first(), assessor);
        CascadePlan.SecondOpinion opinion = plan.second();
        Assessment second = opinion == null ? null : assess(opinion.model(), assessor);
        matter.end();
        for (Assessment asked : second == null ? List.of(first) : List.of(first, second)) {
            if (!asked.admitted()) {
                return new CascadeStep.Stand(Words.line(asked.refusals().getFirst()));
            }
        }
        if (!first.violations().isEmpty()) {
            return new CascadeStep.Stand(Words.line(first.violations().getFirst().relaxation()));
        }
        Assessment strong = assessment(decision, escalation.getFirst());
        Money firstCost = sum(first.predictedCost(), second == null ? null : second.predictedCost(), second != null);
        Money strongCost = strong == null ? null : strong.predictedCost();
        Duration deadline = least(policy == null ? null : policy.constraints().totalP95(),
                request.overrides().maxLatency());
        String over = tooMuch(policy, request, first, strong, sum(firstCost, strongCost, true), deadline);
        if (over != null) {
            return new CascadeStep.Stand(Words.line(over));
        }
        AcceptanceRates.Rate rate = rates.of(route.name(), plan.first(), request.promptTokens());
        boolean pays = pays(firstCost, strongCost, rate);
        boolean exploring = !pays
                && Assignment.within("cascade/" + route.name(), request.requestId(), plan.explore());
        if (!pays && !exploring) {
            return new CascadeStep.Stand(
                    Words.line(Words.share(rate.accepted()) + " of its answers pass, and asking it costs "
                            + Words.share(ratio(firstCost, strongCost)) + " of " + escalation.getFirst()));
        }
        return new CascadeStep.Ask(plan, escalation, firstCost, strongCost, deadline,
                strong == null || strong.latencyObservations() < Assessor.ENOUGH_OBSERVATIONS
                        ? null
                        : strong.totalP95(),
                rate, exploring);
    }

    /** The sum of two 95th percentiles is more than the 95th percentile of the sum: this errs on the side of the limit. */
    private static @Nullable String tooMuch(@Nullable Policy policy, RequestFeatures request, Assessment first,
            @Nullable Assessment strong, @Nullable Money cost, @Nullable Duration deadline) {
        if (strong == null) {
            return null;
        }
        Duration firstTotal = known(first) ? first.totalP95() : null;
        String total = longer(firstTotal, known(strong) ? strong.totalP95() : null, deadline, "total-p95");
        if (total != null) {
            return total;
        }
        if (request.streamed() && policy != null) {
            String token = longer(firstTotal, known(strong) ? strong.firstTokenP95() : null,
                    policy.constraints().firstTokenP95(), "first-token-p95");
            if (token != null) {
                return token;
            }
        }
        Money limit = policy == null ? null : policy.constraints().costAtMost();
        BigDecimal asked = request.overrides().maxCostUsd();
        for (Money most : new @Nullable Money[]{limit, asked == null ? null : Money.rounded(asked, "USD")}) {
            boolean within = most == null || (cost != null && cost.currency().equals(most.currency())
                    && cost.compareTo(most) <= 0);
            if (!within) {
                return "cost of both " + (cost == null ? "unknown" : cost) + " > " + most;
            }
        }
        return null;
    }

    private static boolean known(Assessment candidate) {
        return candidate.latencyObservations() >= Assessor.ENOUGH_OBSERVATIONS;
    }

    private static @Nullable String longer(@Nullable Duration one, @Nullable Duration other, @Nullable Duration limit,
            String name) {
        return one != null && other != null && limit != null && one.plus(other).compareTo(limit) > 0
                ? name + " of both " + Words.of(one) + " + " + Words.of(other) + " > " + Words.of(limit)
                : null;
    }

    /** A cascade costs {@code first + (1 - rate) * strong}, which is less than {@code strong} only at a rate above the ratio. */
    private static boolean pays(@Nullable Money first, @Nullable Money strong, AcceptanceRates.Rate rate) {
        return !rate.known() || !(rate.accepted() < ratio(first, strong));
    }

    /** NaN where a price is unknown. */
    private static double ratio(@Nullable Money first, @Nullable Money strong) {
        return first == null || strong == null || !first.currency().equals(strong.currency())
                || strong.amount().signum() == 0
                        ? Double.NaN
                        : first.amount().divide(strong.amount(), 9, RoundingMode.HALF_EVEN).doubleValue();
    }

    private static @Nullable Money sum(@Nullable Money one, @Nullable Money other, boolean both) {
        if (!both) {
            return one;
        }
        return one == null || other == null || !one.currency().equals(other.currency()) ? null : one.plus(other);
    }

    private static @Nullable Duration least(@Nullable Duration one, @Nullable Duration other) {
        return one == null || (other != null && other.compareTo(one) < 0) ? other : one;
    }

    /** The route as if it had no closed model: nothing is left of the gate. */
    private static Route ungated(Route route) {
        return new Route(route.name(), route.candidates(), route.policy(), null, CachePolicy.OFF, List.of(), true);
    }

    private static @Nullable Policy applied(Rules rules, Route route, RequestFeatures request, ParetoConfig config) {
        String named = request.overrides().policy();
        Policy demanded = named == null ? request.overrides().sent() : config.policies().get(named);
        return rules.apply(request, route, demanded, config);
    }

    private static Assessment assess(ModelId model, Assessor assessor) {
        Weighing weighing = new Weighing();
        weighing.begin(model, 0, true);
        assessor.assess(weighing);
        return weighing.assessment();
    }

    /** Floors that the cascade's own promise keeps need no verdict. */
    private static Policy without(Policy policy, CascadePlan plan) {
        Constraints all = policy.constraints();
        List<AccuracyFloor> open = all.accuracy()
                .stream()
                .filter(floor -> !(floor instanceof AccuracyFloor.Within within
                        && plan.proves(within.reference(), within.margin(), within.confidence())))
                .toList();
        return policy.with(new Constraints(open, all.firstTokenP95(), all.totalP95(), all.costAtMost()));
    }

    private static @Nullable Assessment assessment(Decision decision, ModelId model) {
        return decision.assessments().stream().filter(one -> one.model().equals(model)).findFirst().orElse(null);
    }
}
