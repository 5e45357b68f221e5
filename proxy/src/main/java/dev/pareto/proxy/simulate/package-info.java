/**
 * A vendor that does not exist: it answers from the suites' keys, errs on a fixed share of the items and takes the time
 * that a named closed model takes. Declared as simulated wherever it shows. Called by {@code upstream} alone.
 */
@NullMarked
package dev.pareto.proxy.simulate;

import org.jspecify.annotations.NullMarked;
