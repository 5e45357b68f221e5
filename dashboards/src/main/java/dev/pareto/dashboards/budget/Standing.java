package dev.pareto.dashboards.budget;

import dev.pareto.policies.budget.BudgetPeriod.Window;
import dev.pareto.policies.budget.BudgetPlan;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * Where a budget stands in its period, to the last digit.
 *
 * @param topUps granted in this period, also those that have expired
 * @param limit the amount with the top-ups that hold now
 * @param spent the cost of calls that began in the period and ended
 * @param reserved the worst case of those under way
 * @param unpriced calls that ended without a known cost
 * @param refused calls refused in this period since the gateway started
 * @param known whether the ledger has told what was spent; until then the figures are only this gateway's own
 */
public record Standing(BudgetPlan plan, Window window, List<TopUp> topUps, BigDecimal limit, BigDecimal spent,
        BigDecimal reserved, long unpriced, long refused, boolean known) {

    private static final BigDecimal NEARLY = BigDecimal.valueOf(20);

    public Standing {
        topUps = List.copyOf(topUps);
    }

    /** What may still be spent; negative where more was. */
    public BigDecimal left() {
        return limit.subtract(spent).subtract(reserved);
    }

    /**
     * Whether it is as good as spent: all of it is, or calls did not fit and less than a twentieth is not. One call that is far too large
     * says nothing of the others, and what is set aside mostly comes back.
     *
     * @param missed whether a call did not fit
     */
    public boolean usedUp(boolean missed) {
        BigDecimal unspent = limit.subtract(spent);
        return unspent.signum() <= 0 || (missed && unspent.multiply(NEARLY).compareTo(limit) < 0);
    }

    /** What was spent beyond all that was ever granted for the period; zero when nothing was. */
    public BigDecimal overrun() {
        return spent.subtract(allGranted()).max(BigDecimal.ZERO);
    }

    /** The amount with every top-up of the period. */
    public BigDecimal allGranted() {
        return topUps.stream().map(grant -> grant.amount().amount()).reduce(plan.amount().amount(), BigDecimal::add);
    }

    /** The top-ups of {@code all} that belong to a period of a budget. */
    public static List<TopUp> of(BudgetPlan plan, Window window, List<TopUp> all) {
        return all.stream()
                .filter(grant -> grant.budget().equals(plan.name()) && window.contains(grant.grantedAt()))
                .toList();
    }

    /** The amount with the top-ups that hold. */
    public static BigDecimal limit(BudgetPlan plan, List<TopUp> ofPeriod, Instant now) {
        return ofPeriod.stream()
                .filter(grant -> grant.holds(now))
                .map(grant -> grant.amount().amount())
                .reduce(plan.amount().amount(), BigDecimal::add);
    }
}
