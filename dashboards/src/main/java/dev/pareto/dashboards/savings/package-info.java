/**
 * What the gateway saved: modelled from the books, and measured on the requests that were left, at random, with the baseline. The
 * arithmetic is pure; the report reads the ledger for it. The web package asks it.
 */
@NullMarked
package dev.pareto.dashboards.savings;

import org.jspecify.annotations.NullMarked;
