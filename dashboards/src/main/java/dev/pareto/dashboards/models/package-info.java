/**
 * What models cost and what their use earns: prices paid beside prices listed, caches, and machines of the house. Each report reads
 * sums alone, bounded by time; the gateway mounts {@link dev.pareto.dashboards.models.ModelReports}.
 */
@NullMarked
package dev.pareto.dashboards.models;

import org.jspecify.annotations.NullMarked;
