/** Tests of the arithmetic of forecast. */
@NullMarked
package dev.pareto.dashboards.forecast;

import org.jspecify.annotations.NullMarked;
