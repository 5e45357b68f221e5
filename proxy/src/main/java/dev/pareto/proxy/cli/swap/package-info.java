/**
 * {@code ./pareto swap …}: where swaps stand, and what people do to them through the admin port. Called by {@code cli}.
 */
@NullMarked
package dev.pareto.proxy.cli.swap;

import org.jspecify.annotations.NullMarked;
