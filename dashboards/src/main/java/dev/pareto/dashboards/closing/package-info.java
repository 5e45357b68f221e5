/**
 * Closes months and corrects the books: the checklist of a month, what is let pass and why, the freeze, and adjustments afterwards. The
 * command line and the admin plane call it; every change of the books goes through the ledger.
 */
@NullMarked
package dev.pareto.dashboards.closing;

import org.jspecify.annotations.NullMarked;
