/**
 * Hours in which something cost more than it should have, and why. The search and the reasons are pure arithmetic; the report reads
 * the ledger's hourly sums for them. The web package asks it.
 */
@NullMarked
package dev.pareto.dashboards.anomaly;

import org.jspecify.annotations.NullMarked;
