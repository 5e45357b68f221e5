/**
 * Cascades as they run: the first model is asked, its answer held back and judged, and another model asked where it is doubted. Called by the
 * calls that Pareto understands, once a request is decided; every upstream call is an attempt with a row of its own.
 */
@NullMarked
package dev.pareto.proxy.cascade;

import org.jspecify.annotations.NullMarked;
