/**
 * A second pair of eyes: recomputes every number of a verdict from its records, by other formulas and without the code that made
 * it. Callers: the command line. Uses nothing of {@code stats} and {@code verdict}; a test holds it to that.
 */
@NullMarked
package dev.pareto.evals.check;

import org.jspecify.annotations.NullMarked;
