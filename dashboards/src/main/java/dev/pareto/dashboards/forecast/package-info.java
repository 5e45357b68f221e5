/**
 * Where spend is heading: daily sums smoothed with a weekly season, an interval from the model's own errors, and a back-test
 * against repeating last week. Pure arithmetic but for the report that reads the sums; the web package asks it.
 */
@NullMarked
package dev.pareto.dashboards.forecast;

import org.jspecify.annotations.NullMarked;
