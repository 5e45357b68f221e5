/** Tests of the embedded store. */
@NullMarked
package dev.pareto.dashboards.store;

import org.jspecify.annotations.NullMarked;
