/**
 * {@code ./pareto eval …}: suites put to the models of a running gateway. Called by {@code cli}.
 */
@NullMarked
package dev.pareto.proxy.cli.eval;

import org.jspecify.annotations.NullMarked;
