package dev.pareto.dashboards.budget;

import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A budget as it is told.
 *
 * @param scope for people
 * @param filters the same as parameters of other reports
 * @param per {@code day}, {@code week}, {@code month} or {@code total}
 * @param from the start of the period
 * @param resets when the next one starts; null when none does
 * @param limit the amount and the top-ups that hold
 * @param left may be negative
 * @param used the spent share of the limit, at four decimals
 * @param elapsed the share of the period that is over; null where it never is
 * @param state {@code within}, {@code ahead} (more is spent than an even pace allows), {@code used-up}, {@code overrun} or {@code unknown}
 * @param countsUnpricedAs what a call without a known cost counts as; null when such calls are refused
 * @param outlook null where it was not asked for
 */
public record BudgetLine(String name, String scope, Map<String, List<String>> filters, String per, String zone,
        Instant from, @Nullable Instant resets, Amount amount, Amount limit, Amount spent, Amount reserved, Amount left,
        Amount overrun, BigDecimal used, @Nullable BigDecimal elapsed, String state, String whenUsedUp,
        List<String> downgradeTo, List<BigDecimal> thresholds, long unpriced, @Nullable Amount countsUnpricedAs,
        long refused, @Nullable BudgetOutlook outlook) {

    private static final int DECIMALS = 4;

    static BudgetLine of(Standing it, Instant now, @Nullable BudgetOutlook outlook) {
        var plan = it.plan();
        BigDecimal elapsed = elapsed(it, now);
        BigDecimal used = it.spent().divide(it.limit(), DECIMALS, RoundingMode.HALF_EVEN);
        return new BudgetLine(plan.name(), plan.scope().told(), plan.scope().any(), plan.period().every().text(),
                plan.period().zone().getId(), it.window().from(), it.window().to(), new Amount(plan.amount().amount()),
                new Amount(it.limit()), new Amount(it.spent()), new Amount(it.reserved()), new Amount(it.left()),
                new Amount(it.overrun()), used, elapsed, state(it, used, elapsed), plan.whenUsedUp().text(),
                plan.downgradeTo().stream().map(Object::toString).toList(), plan.thresholds(), it.unpriced(),
                plan.unpriced() == null ? null : new Amount(plan.unpriced().amount()), it.refused(), outlook);
    }

    private static String state(Standing it, BigDecimal used, @Nullable BigDecimal elapsed) {
        if (!it.known()) {
            return "unknown";
        }
        if (it.overrun().signum() > 0) {
            return "overrun";
        }
        if (it.usedUp(it.refused() > 0)) {
            return "used-up";
        }
        return elapsed != null && used.compareTo(elapsed) > 0 ? "ahead" : "within";
    }

    private static @Nullable BigDecimal elapsed(Standing it, Instant now) {
        Instant to = it.window().to();
        if (to == null) {
            return null;
        }
        long whole = to.getEpochSecond() - it.window().from().getEpochSecond();
        long over = Math.clamp(now.getEpochSecond() - it.window().from().getEpochSecond(), 0, whole);
        return BigDecimal.valueOf(over).divide(BigDecimal.valueOf(whole), DECIMALS, RoundingMode.HALF_EVEN);
    }
}
