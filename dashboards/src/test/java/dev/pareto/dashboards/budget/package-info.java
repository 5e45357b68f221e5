@NullMarked
package dev.pareto.dashboards.budget;

import org.jspecify.annotations.NullMarked;
