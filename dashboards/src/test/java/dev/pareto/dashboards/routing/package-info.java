/** Tests of routing's reports on real stores. */
@NullMarked
package dev.pareto.dashboards.routing;

import org.jspecify.annotations.NullMarked;
