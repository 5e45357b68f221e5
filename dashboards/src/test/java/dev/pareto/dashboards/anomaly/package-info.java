/** Tests of the arithmetic of anomaly. */
@NullMarked
package dev.pareto.dashboards.anomaly;

import org.jspecify.annotations.NullMarked;
