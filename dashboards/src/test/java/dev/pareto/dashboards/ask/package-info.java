/** Tests of what reports are asked. */
@NullMarked
package dev.pareto.dashboards.ask;

import org.jspecify.annotations.NullMarked;
