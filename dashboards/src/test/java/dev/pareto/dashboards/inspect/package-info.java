/** Tests of looking into the books. */
@NullMarked
package dev.pareto.dashboards.inspect;

import org.jspecify.annotations.NullMarked;
