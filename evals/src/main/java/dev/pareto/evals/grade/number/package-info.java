/**
 * Graders that compare numbers, amounts and final answers of mathematics.
 * Callers: {@code suite} builds the graders, {@code run} applies them.
 */
@NullMarked
package dev.pareto.evals.grade.number;

import org.jspecify.annotations.NullMarked;
