package dev.pareto.dashboards.budget;

import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.report.Amount;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every budget and where it stands, those in trouble first. */
public record BudgetList(String currency, Instant generatedAt, List<BudgetLine> budgets) implements Report {

    public BudgetList {
        budgets = List.copyOf(budgets);
    }

    @Override
    public Sheet sheet() {
        return new Sheet("budgets",
                List.of("budget", "scope", "per", "zone", "from", "resets", "amount", "limit", "spent",
                        "reserved", "left", "overrun", "used", "elapsed", "state", "when_used_up", "unpriced_calls",
                        "refused_calls",
                        "end_expected", "end_lower80", "end_upper80", "runs_out", "runs_out_earliest",
                        "runs_out_latest"),
                budgets.stream().map(BudgetList::row).toList());
    }

    private static List<@Nullable Object> row(BudgetLine it) {
        BudgetOutlook ahead = it.outlook();
        var end = ahead == null ? null : ahead.end();
        return Sheet.row(it.name(), it.scope(), it.per(), it.zone(), it.from(), it.resets(), value(it.amount()),
                value(it.limit()), value(it.spent()), value(it.reserved()), value(it.left()), value(it.overrun()),
                it.used(),
                it.elapsed(), it.state(), it.whenUsedUp(), it.unpriced(), it.refused(),
                end == null ? null : value(end.expected()), end == null ? null : value(end.lower80()),
                end == null ? null : value(end.upper80()), ahead == null ? null : ahead.runsOut(),
                ahead == null ? null : ahead.earliest(), ahead == null ? null : ahead.latest());
    }

    private static Object value(Amount amount) {
        return amount.value();
    }
}
