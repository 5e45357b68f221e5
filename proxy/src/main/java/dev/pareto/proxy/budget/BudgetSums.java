package dev.pareto.proxy.budget;

import dev.pareto.dashboards.budget.Taken;
import dev.pareto.policies.budget.BudgetPeriod.Window;
import dev.pareto.policies.budget.BudgetPlan;
import java.time.Instant;

/** What the ledger says of a budget beside what this gateway counts itself. Blocks. */
@FunctionalInterface
public interface BudgetSums {

    /** @param since from which start on this gateway counts its own calls */
    Taken beside(BudgetPlan plan, Window window, Instant now, Instant since);
}
