/**
 * Looks into the books: single calls with everything that was booked for them, and how far the books can be relied on. Every
 * query is bounded by time and by how much it may read; the gateway mounts {@link dev.pareto.dashboards.inspect.InspectReports}.
 */
@NullMarked
package dev.pareto.dashboards.inspect;

import org.jspecify.annotations.NullMarked;
