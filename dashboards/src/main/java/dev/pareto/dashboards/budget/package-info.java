/**
 * What budgets have taken, from the ledger; what people granted beside them; and the report that draws them. The gateway's enforcement
 * ({@code dev.pareto.proxy.budget}) asks {@link dev.pareto.dashboards.budget.BudgetBooks}, so that there is one truth.
 */
@NullMarked
package dev.pareto.dashboards.budget;

import org.jspecify.annotations.NullMarked;
