/** {@code pareto budgets}: what may be spent and what is left, of a running gateway. */
@NullMarked
package dev.pareto.proxy.cli.budgets;

import org.jspecify.annotations.NullMarked;
