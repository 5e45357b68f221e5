/**
 * Hours in which something cost more than it should have, and why. Pure arithmetic; the outlook package reads the ledger's hourly
 * sums for it.
 */
@NullMarked
package dev.pareto.dashboards.anomaly;

import org.jspecify.annotations.NullMarked;
