/**
 * The ledger of record: one row for each upstream attempt, written before the call and closed once after it, with its charge
 * lines and the hourly sums. The gateway writes through {@link dev.pareto.dashboards.ledger.Ledger}; reports only read.
 */
@NullMarked
package dev.pareto.dashboards.ledger;

import org.jspecify.annotations.NullMarked;
