/**
 * What the gateway saved, measured on the requests that were left, at random, with the baseline. Pure arithmetic; the outlook package
 * reads the ledger for it.
 */
@NullMarked
package dev.pareto.dashboards.savings;

import org.jspecify.annotations.NullMarked;
