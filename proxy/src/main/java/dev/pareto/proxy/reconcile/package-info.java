/**
 * Asks vendors what days cost, through their own cost and usage APIs, and puts the answers into the ledger's words. The command line
 * calls it; the ledger's side is {@code dashboards.reconcile}.
 */
@NullMarked
package dev.pareto.proxy.reconcile;

import org.jspecify.annotations.NullMarked;
