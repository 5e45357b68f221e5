/** Tests of the arithmetic of savings. */
@NullMarked
package dev.pareto.dashboards.savings;

import org.jspecify.annotations.NullMarked;
