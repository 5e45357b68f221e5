/**
 * Compares what the ledger booked for a vendor's calls with what the vendor says they cost, by day, model and bucket. The command line
 * and the admin plane call it; fetching the vendor's word is their work.
 */
@NullMarked
package dev.pareto.dashboards.reconcile;

import org.jspecify.annotations.NullMarked;
