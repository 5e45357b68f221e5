/**
 * Where spend is heading: daily sums smoothed with a weekly season, an interval from the model's own errors, and a back-test
 * against repeating last week. Pure arithmetic; the outlook package asks it.
 */
@NullMarked
package dev.pareto.dashboards.forecast;

import org.jspecify.annotations.NullMarked;
