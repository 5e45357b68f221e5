/**
 * {@code ./pareto verdict …}: what evals decided, from a running gateway or from records. Called by {@code cli}.
 */
@NullMarked
package dev.pareto.proxy.cli.verdict;

import org.jspecify.annotations.NullMarked;
