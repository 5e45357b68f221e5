package dev.pareto.proxy.explore;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.policies.bandit.BanditPlan;
import dev.pareto.policies.bandit.BanditState;
import dev.pareto.policies.bandit.Choice;
import dev.pareto.policies.bandit.ConstrainedBandit;
import dev.pareto.policies.bandit.Context;
import dev.pareto.policies.bandit.Option;
import dev.pareto.policies.bandit.Options;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.Assessment;
import dev.pareto.policies.decide.Decision;
import dev.pareto.policies.decide.RequestFeatures;
import dev.pareto.policies.policy.Exploration;
import dev.pareto.policies.policy.Objective;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.predict.Latencies;
import dev.pareto.policies.predict.live.Label;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;

/** One route's requests under one policy. Thread-safe; every call is short. */
final class Explorer {

    /** What a request is to the bandit: a constant, the prompt's length, whether tools are offered. */
    private static final int DIMENSION = 3;
    private static final double USUAL_PROMPT = 512;
    private static final double DOUBLINGS = 6;
    private static final int LATENCY_TOKENS = 256;
    private static final long SEED = 20_261_122;
    private static final int MOST_FAILED = 10_000;

    private final Exploration asked;
    private final Objective objective;
    private final double costUnit;
    private final ConstrainedBandit bandit;
    /** What failed attempts of requests under way have cost. */
    private final Map<String, BigDecimal> failed = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, BigDecimal> eldest) {
            return size() > MOST_FAILED;
        }
    };
    private volatile boolean changed;

    private Explorer(Exploration asked, Objective objective, double costUnit, ConstrainedBandit bandit) {
        this.asked = asked;
        this.objective = objective;
        this.costUnit = costUnit;
        this.bandit = bandit;
    }

    /** @param costUnit what a usual request costs, in USD */
    static Explorer begin(Exploration asked, Objective objective, double costUnit) {
        return new Explorer(asked, objective, costUnit,
                new ConstrainedBandit(BanditPlan.of(asked, objective, costUnit, SEED), DIMENSION));
    }

    /** Goes on where that was taken, under a policy that may be another one now. */
    static Explorer resume(Exploration asked, Objective objective, double costUnit, BanditState state) {
        return new Explorer(asked, objective, costUnit,
                new ConstrainedBandit(BanditPlan.of(asked, objective, costUnit, SEED), state));
    }

    /** By the first decision: the mean of what its candidates are expected to cost; a tenth of a cent where nobody has a price. */
    static double usualCost(Decision decision) {
        return decision.assessments()
                .stream()
                .filter(one -> one.predictedCost() != null)
                .mapToDouble(one -> cost(one).amount().doubleValue())
                .filter(cost -> cost > 0)
                .average()
                .orElse(0.001);
    }

    private static Money cost(Assessment one) {
        Money cost = one.predictedCost();
        return cost == null ? Money.zero("USD") : cost;
    }

    boolean asks(Policy policy) {
        return asked.equals(policy.explore()) && objective.equals(policy.objective());
    }

    double costUnit() {
        return costUnit;
    }

    BanditState state() {
        return bandit.state();
    }

    Choice choose(Decision decision, RequestFeatures request, Latencies latencies) {
        Map<ModelId, Money> worst = new HashMap<>();
        for (Assessment one : decision.assessments()) {
            if (one.worstCost() != null) {
                worst.put(one.model(), one.worstCost());
            }
        }
        List<Option> options = new ArrayList<>(Options.of(decision, worst::get,
                model -> latencies.forecast(model, LATENCY_TOKENS).unsettled()));
        changed = true;
        return bandit.choose(request.requestId(), request.unit(), context(decision.route(), request), options,
                request.at());
    }

    private static Context context(String route, RequestFeatures request) {
        double size = Math.log((request.promptTokens() + 1) / USUAL_PROMPT) / Math.log(2) / DOUBLINGS;
        return new Context(route, new double[]{1, Math.clamp(size, -1, 1), request.tools() ? 1 : 0});
    }

    /** An answer to one attempt failed; another one may follow. */
    void failed(String requestId, BigDecimal cost) {
        if (cost.signum() > 0 && bandit.chosen(requestId) != null) {
            synchronized (failed) {
                failed.merge(requestId, cost, BigDecimal::add);
            }
        }
    }

    /**
     * No attempt follows; a second word on the same request changes nothing.
     *
     * @param cost of the last attempt beside those that failed before; null while unknown, and the worst case stands then
     */
    void ended(String requestId, @Nullable BigDecimal cost, Instant at) {
        if (bandit.chosen(requestId) == null) {
            return;
        }
        BigDecimal before;
        synchronized (failed) {
            before = failed.remove(requestId);
        }
        bandit.settle(requestId, cost == null || before == null ? cost : cost.add(before), at);
        changed = true;
    }

    /** What is said of another model's answer is no word on the one that was chosen. */
    void label(Label label) {
        if (label.model().equals(bandit.chosen(label.item()))) {
            bandit.label(label.item(), label.success());
            changed = true;
        }
    }

    /** Whether there is something to write down since it was last asked. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }
}
