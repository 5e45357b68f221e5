package dev.pareto.policies.bandit;

import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/**
 * Spreads a budget over its period by a price on money that rises while spending is ahead of the plan and falls while it is behind (dual
 * ascent, ParetoBandit, arXiv 2604.00136), and refuses what could exceed the cap. Immutable.
 *
 * @param start of the period
 * @param spent in the period
 * @param reserved worst cases of requests under way
 * @param price on money, 0 or more
 * @param gap mean seconds between requests, learned; 0 before the second
 * @param arrivals so far
 * @param last request
 */
record BudgetPacer(Instant start, BigDecimal spent, BigDecimal reserved, double price, double gap, long arrivals,
        Instant last) {

    private static final double STEP = 0.02;
    private static final double MOST = 100;
    /** Requests that the learned gap rests on. */
    private static final long MEMORY = 200;

    static BudgetPacer begin(Budget budget, Instant at) {
        return new BudgetPacer(budget.start(at), BigDecimal.ZERO, BigDecimal.ZERO, 0, 0, 0, at);
    }

    /** What a request may still cost at most. */
    BigDecimal left(Budget budget) {
        return budget.cap().amount().subtract(spent).subtract(reserved);
    }

    boolean affords(Budget budget, Money worst) {
        return worst.currency().equals(budget.cap().currency()) && worst.amount().compareTo(left(budget)) <= 0;
    }

    /** A request has come; a new period begins at its first. */
    BudgetPacer arrived(Budget budget, Instant at) {
        boolean same = at.isBefore(budget.end(start));
        // an average of gaps, not of rates: a burst must not look like a flood
        double mean = arrivals == 0 ? 0 : gap + (seconds(last, at) - gap) / Math.min(arrivals, MEMORY);
        return new BudgetPacer(same ? start : budget.start(at), same ? spent : BigDecimal.ZERO, reserved, price,
                Math.max(0, mean), arrivals + 1, at);
    }

    BudgetPacer reserve(Money worst) {
        return new BudgetPacer(start, spent, reserved.add(worst.amount()), price, gap, arrivals, last);
    }

    /** A request has ended at a cost; the price follows what it was against what each may cost until the period ends. */
    BudgetPacer settle(Budget budget, BigDecimal worst, BigDecimal cost, Instant at) {
        double share = share(budget, at);
        double overspent = share <= 0 ? 1 : cost.doubleValue() / share - 1;
        return new BudgetPacer(start, spent.add(cost), reserved.subtract(worst).max(BigDecimal.ZERO),
                Math.clamp(price + STEP * Math.min(overspent, 10), 0, MOST), gap, arrivals, last);
    }

    /** What each request until the end of the period may cost. */
    double share(Budget budget, Instant at) {
        double requests = gap <= 0 ? 1 : Math.max(1, seconds(at, budget.end(start)) / gap);
        return left(budget).doubleValue() / requests;
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e9;
    }
}
