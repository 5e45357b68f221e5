package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.store.Picos;

/** What a month comes to: the calls begun in it and the adjustments booked in it, by currency. Simulated calls are no money. */
public final class MonthTotals {

    /**
     * Rows of {@code currency}, {@code total_high} and {@code total_low}. Parameters: the month's first microsecond and that after its
     * last one, twice.
     */
    public static final String SQL = "SELECT currency, " + Picos.sum("p", "total")
            + """
               FROM (
               SELECT currency, cost_pico AS p FROM rollup_model_day WHERE simulated = 0 AND hour_us >= ? AND hour_us < ? AND currency <> ''
               UNION ALL SELECT currency, amount_pico AS p FROM adjustment WHERE booked_us >= ? AND booked_us < ?) AS booked
              GROUP BY currency ORDER BY currency""";

    private MonthTotals() {}
}
