/** Tests of the reports for finance. */
@NullMarked
package dev.pareto.dashboards.finance;

import org.jspecify.annotations.NullMarked;
