/**
 * Graders: is this answer right? Each is a small immutable value that looks at one answer and the item's key.
 * Nothing here calls a model or runs code from a suite. Callers: {@code suite} builds them, {@code run} applies them.
 */
@NullMarked
package dev.pareto.evals.grade;

import org.jspecify.annotations.NullMarked;
