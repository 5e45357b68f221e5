/**
 * {@code ./pareto access …}: the admin port's keys in a gateway's store, whether it runs or not, and its journal. Called by {@code cli}.
 */
@NullMarked
package dev.pareto.proxy.cli.access;

import org.jspecify.annotations.NullMarked;
