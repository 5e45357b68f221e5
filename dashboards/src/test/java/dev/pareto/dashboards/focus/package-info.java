@NullMarked
package dev.pareto.dashboards.focus;

import org.jspecify.annotations.NullMarked;
