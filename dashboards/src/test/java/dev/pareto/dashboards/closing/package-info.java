@NullMarked
package dev.pareto.dashboards.closing;

import org.jspecify.annotations.NullMarked;
