/**
 * IFEval: 25 kinds of instructions whose following a program can check.
 * Callers: {@code suite} builds the graders, {@code run} applies them.
 */
@NullMarked
package dev.pareto.evals.grade.instructions;

import org.jspecify.annotations.NullMarked;
