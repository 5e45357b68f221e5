/** Tests of the reports that look beyond the books. */
@NullMarked
package dev.pareto.dashboards.outlook;

import org.jspecify.annotations.NullMarked;
