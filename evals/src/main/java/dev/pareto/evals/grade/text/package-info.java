/**
 * Graders that compare texts: whole, in part, by label, by choice, by how much is shared.
 * Callers: {@code suite} builds the graders, {@code run} applies them.
 */
@NullMarked
package dev.pareto.evals.grade.text;

import org.jspecify.annotations.NullMarked;
