/** What tests of several packages share. */
@NullMarked
package dev.pareto.dashboards.testing;

import org.jspecify.annotations.NullMarked;
