/**
 * How good a model is, and whether it is good enough to take another's place.
 */
@NullMarked
package dev.pareto.evals;

import org.jspecify.annotations.NullMarked;
