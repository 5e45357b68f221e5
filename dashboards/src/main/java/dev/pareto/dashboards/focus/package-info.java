/**
 * The ledger as FOCUS rows (FinOps Open Cost and Usage Specification), as CSV or Parquet, and the rules that such rows keep. The
 * command line and the admin plane call it; it reads the store and writes nothing to it.
 */
@NullMarked
package dev.pareto.dashboards.focus;

import org.jspecify.annotations.NullMarked;
