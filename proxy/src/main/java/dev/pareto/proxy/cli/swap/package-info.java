/**
 * {@code ./pareto keys …}: the keys in a gateway's store, whether it runs or not. Called by {@code cli}.
 */
@NullMarked
package dev.pareto.proxy.cli.swap;

import org.jspecify.annotations.NullMarked;
