/**
 * The reports that look beyond the books: where spend is heading, what the gateway saved, and what is odd. They read the hourly sums
 * and leave the arithmetic to {@code forecast}, {@code savings} and {@code anomaly}; the gateway mounts
 * {@link dev.pareto.dashboards.outlook.OutlookReports}.
 */
@NullMarked
package dev.pareto.dashboards.outlook;

import org.jspecify.annotations.NullMarked;
