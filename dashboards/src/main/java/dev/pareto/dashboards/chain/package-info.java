/**
 * The canonical form of what is booked, over which the chain of hashes goes. The ledger writes it, the audit reads it; it knows of
 * nobody.
 */
@NullMarked
package dev.pareto.dashboards.chain;

import org.jspecify.annotations.NullMarked;
