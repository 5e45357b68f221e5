/**
 * Graders that read the answer as JSON, and the readers that they share.
 * Callers: {@code suite} builds the graders, {@code run} applies them.
 */
@NullMarked
package dev.pareto.evals.grade.json;

import org.jspecify.annotations.NullMarked;
