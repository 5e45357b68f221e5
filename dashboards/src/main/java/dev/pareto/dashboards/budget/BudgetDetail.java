package dev.pareto.dashboards.budget;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.outlook.Estimate;
import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One budget as its money is spent.
 *
 * @param start what had been spent before the first step; zero unless the period is longer than the drawing
 * @param steps hours of a day, days of everything longer, the running one included
 * @param ahead days to come, from today
 * @param spenders who spends it, by each dimension that its calls can be divided by
 * @param topUps granted in the period, newest first
 * @param alerts of the period, newest first
 */
public record BudgetDetail(String currency, Instant generatedAt, BudgetLine budget, Amount start, List<Step> steps,
        List<Ahead> ahead, List<Spenders> spenders, List<Grant> topUps, List<BudgetAlert> alerts) implements Report {

    public BudgetDetail {
        steps = List.copyOf(steps);
        ahead = List.copyOf(ahead);
        spenders = List.copyOf(spenders);
        topUps = List.copyOf(topUps);
        alerts = List.copyOf(alerts);
    }

    /**
     * @param at {@code 2026-11-01} or {@code 2026-11-01T13:00}, in the budget's zone
     * @param cost of this step
     * @param left of the limit at its end
     * @param even what would be left if all were spent evenly; null where the period never ends
     */
    public record Step(String at, Amount cost, Amount left, @Nullable Amount even) {}

    /**
     * @param at a day
     * @param left of the limit at its end
     */
    public record Ahead(String at, Estimate left, @Nullable Amount even) {}

    /** The dearest values of a dimension. */
    public record Spenders(Dimension dimension, List<Spender> dearest) {

        public Spenders {
            dearest = List.copyOf(dearest);
        }
    }

    /** @param share of the budget's spend, at four decimals; null of nothing */
    public record Spender(String name, Amount cost, long attempts, @Nullable BigDecimal share) {}

    /** @param holds whether it may still be spent */
    public record Grant(String id, Amount amount, String reason, String by, Instant grantedAt, Instant expires,
            boolean holds) {}

    @Override
    public Sheet sheet() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Step step : steps) {
            rows.add(Sheet.row(step.at(), "actual", step.cost().value(), step.left().value(), null, null,
                    step.even() == null ? null : step.even().value()));
        }
        for (Ahead day : ahead) {
            rows.add(Sheet.row(day.at(), "forecast", null, day.left().expected().value(), day.left().lower80().value(),
                    day.left().upper80().value(), day.even() == null ? null : day.even().value()));
        }
        return new Sheet("budget-" + budget.name(),
                List.of("at", "kind", "cost", "left", "left_lower80", "left_upper80", "even_pace"), rows);
    }
}
