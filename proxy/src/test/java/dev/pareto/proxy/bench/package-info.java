/** Measurements of the gateway, run by hand: they print figures and are no tests. */
@NullMarked
package dev.pareto.proxy.bench;

import org.jspecify.annotations.NullMarked;
