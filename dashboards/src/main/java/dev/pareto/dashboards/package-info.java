/**
 * What was spent and what it brought: the ledger, reports and pages.
 */
@NullMarked
package dev.pareto.dashboards;

import org.jspecify.annotations.NullMarked;
