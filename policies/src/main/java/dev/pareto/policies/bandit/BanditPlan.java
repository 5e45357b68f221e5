package dev.pareto.policies.bandit;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.policy.Exploration;
import dev.pareto.policies.policy.Objective;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the bandit wants and how carefully it learns. A model's worth is {@code accuracy P(good) - cost (1 + nu) C - latency L} with C in
 * units of {@code costUnit}, L in seconds and nu the price that the pacer sets on money.
 *
 * @param accuracy weight of the probability of a good answer
 * @param cost weight of money, per {@code costUnit}
 * @param latency weight of a second
 * @param costUnit of money, e.g. what a usual request costs
 * @param floor least probability of a good answer that is shown at {@code confidence}; null for none
 * @param confidence standard errors between estimate and lower bound
 * @param optimism standard errors between estimate and what it is worth trying, LinUCB's
 * @param explore share of requests drawn evenly among the allowed models that are not the best
 * @param probe share of requests that ask a suspended model that would win
 * @param confirm share of requests that ask a model whose latest answers were suspiciously quick, until it is known
 * @param newcomer share of requests that ask a model that was chosen less often than {@code trials}
 * @param trials of a new model
 * @param gain by which another model must be worth more before a segment, or a unit, changes
 * @param forgetting factor on what earlier labels weigh, per label
 * @param ridge of the regression: what a prior weighs of which nothing is known, in labels
 * @param falseAlarms labels until a steady model is wrongly found changed, on average; at least
 * @param labelsWithin after which time a label is no longer waited for
 * @param budget null for none
 * @param seed of every draw
 */
public record BanditPlan(double accuracy, double cost, double latency, double costUnit, @Nullable Double floor,
        double confidence, double optimism, double explore, double probe, double confirm, double newcomer, int trials,
        double gain,
        double forgetting, double ridge, double falseAlarms, Duration labelsWithin, @Nullable Budget budget,
        long seed) {

    private static final double MOST_EXPLORED = 0.5;

    public BanditPlan {
        requireNonNull(labelsWithin, "labelsWithin is null");
        share("explore", explore);
        share("probe", probe);
        share("confirm", confirm);
        share("newcomer", newcomer);
        if (explore + probe + confirm + newcomer > MOST_EXPLORED) {
            throw new IllegalArgumentException("explore, probe, confirm and newcomer together are at most 50 %");
        }
        if (!(costUnit > 0) || !(ridge > 0) || !(falseAlarms > 1) || !(forgetting > 0.9 && forgetting <= 1)) {
            throw new IllegalArgumentException(
                    "costUnit and ridge are above 0, falseAlarms above 1, forgetting above 0.9 and at most 1");
        }
        if (floor != null && !(floor > 0 && floor < 1)) {
            throw new IllegalArgumentException("the floor is a probability, got " + floor);
        }
    }

    /** The cheapest model above a floor. */
    public static BanditPlan cheapest(@Nullable Double floor, double costUnit, long seed) {
        return new BanditPlan(0, 1, 0, costUnit, floor, 1.645, 0, 0.01, 0.025, 0.15, 0.005, 50, 0.05, 0.999, 4, 10_000,
                Duration.ofDays(1), null, seed);
    }

    /** The fastest model above a floor. */
    public static BanditPlan fastest(@Nullable Double floor, double costUnit, long seed) {
        return new BanditPlan(0, 0, 1, costUnit, floor, 1.645, 0, 0.025, 0.005, 0.25, 0.005, 50, 0.1, 0.999, 4, 10_000,
                Duration.ofDays(1), null, seed);
    }

    /** The best answers that a budget buys. */
    public static BanditPlan best(Budget budget, double costUnit, long seed) {
        return new BanditPlan(1, 0.01, 0, costUnit, null, 1.645, 1, 0.03, 0.01, 0.05, 0.01, 50, 0.01, 0.999, 4, 10_000,
                Duration.ofDays(1), budget, seed);
    }

    /**
     * What a policy asks for.
     *
     * @param costUnit what a usual request costs, in USD
     */
    public static BanditPlan of(Exploration asked, Objective objective, double costUnit, long seed) {
        Budget budget = asked.cap() == null ? null : new Budget(asked.cap(), switch (asked.period()) {
            case DAY -> Budget.Horizon.DAY;
            case MONTH -> Budget.Horizon.MONTH;
        });
        BanditPlan plan = switch (objective) {
            case Objective.Single.MINIMISE_COST -> cheapest(null, costUnit, seed);
            case Objective.Single.MINIMISE_LATENCY -> fastest(null, costUnit, seed);
            case Objective.Single.MAXIMISE_ACCURACY -> weighted(1, 0, 0, 1, costUnit, seed);
            // in usual requests' costs, as the price on money is
            case Objective.Weighted sum -> weighted(sum.usdPerError().doubleValue() / costUnit,
                    sum.cost().doubleValue(), sum.usdPerSecond().doubleValue() / costUnit, 0, costUnit, seed);
        };
        return plan.asked(asked, budget);
    }

    private static BanditPlan weighted(double accuracy, double cost, double latency, double optimism, double costUnit,
            long seed) {
        return new BanditPlan(accuracy, cost, latency, costUnit, null, 1.645, optimism, 0.02, 0.01, 0.05, 0.01, 50,
                accuracy > 0 && cost == 0 ? 0.01 : 0.05, 0.999, 4, 10_000, Duration.ofDays(1), null, seed);
    }

    private BanditPlan asked(Exploration asked, @Nullable Budget capped) {
        return new BanditPlan(accuracy, cost, latency, costUnit, asked.leastAccuracy(), confidence, optimism,
                asked.share(), probe, confirm, newcomer, trials, gain, forgetting, ridge, falseAlarms,
                asked.labelsWithin(), capped, seed);
    }

    private static void share(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(name + " is a share, got " + share);
        }
    }
}
