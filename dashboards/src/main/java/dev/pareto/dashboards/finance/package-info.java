/**
 * The reports for finance: what was spent, why it changed, who pays it and what one useful answer costs. Each reads sums alone,
 * bounded by time, and adds up to the last digit; the gateway mounts {@link dev.pareto.dashboards.finance.FinanceReports}.
 */
@NullMarked
package dev.pareto.dashboards.finance;

import org.jspecify.annotations.NullMarked;
