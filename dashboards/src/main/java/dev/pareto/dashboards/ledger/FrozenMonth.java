package dev.pareto.dashboards.ledger;

import dev.pareto.policies.price.Money;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;

/**
 * A month that takes no more rows.
 *
 * @param month of the UTC calendar
 * @param totals what was booked in it, adjustments included, by currency
 */
public record FrozenMonth(YearMonth month, Instant frozenAt, String frozenBy, List<Money> totals) {

    public FrozenMonth {
        totals = List.copyOf(totals);
    }
}
