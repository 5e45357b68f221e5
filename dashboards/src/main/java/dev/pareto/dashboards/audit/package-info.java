/**
 * What proves the books: the check of chain and sums, the export of charge lines, and prices found late. The command line and the
 * pages use it; it reads the ledger's tables and books nothing by itself.
 */
@NullMarked
package dev.pareto.dashboards.audit;

import org.jspecify.annotations.NullMarked;
