/**
 * Graders of how an answer was served: why it ended, how long it took, what it cost.
 * Callers: {@code suite} builds the graders, {@code run} applies them.
 */
@NullMarked
package dev.pareto.evals.grade.serving;

import org.jspecify.annotations.NullMarked;
