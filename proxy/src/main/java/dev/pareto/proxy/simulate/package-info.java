/**
 * Vendors that are not there: one answers from the suites' keys, errs on a fixed share of the items and takes the time that a
 * named closed model takes; one says again what was recorded of a real one. Declared as simulated wherever they show. Called by
 * {@code upstream} alone.
 */
@NullMarked
package dev.pareto.proxy.simulate;

import org.jspecify.annotations.NullMarked;
