package dev.pareto.dashboards.finance;

import dev.pareto.dashboards.report.Amount;

/** What some part of the books comes to: its calls, and what was booked beside calls. */
public record Spend(Sums sums, Amount adjustments) {

    public static final Spend NONE = new Spend(Sums.NONE, Amount.ZERO);

    /** Calls and adjustments together. */
    public Amount amount() {
        return sums.cost().plus(adjustments);
    }

    Spend plus(Spend other) {
        return new Spend(sums.plus(other.sums), adjustments.plus(other.adjustments));
    }

    boolean isNothing() {
        return sums.isNothing() && adjustments.value().signum() == 0;
    }
}
