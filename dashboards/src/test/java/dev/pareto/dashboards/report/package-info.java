/** Tests of the reports. */
@NullMarked
package dev.pareto.dashboards.report;

import org.jspecify.annotations.NullMarked;
