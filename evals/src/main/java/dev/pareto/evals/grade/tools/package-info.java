/**
 * Graders of tool calls: which functions were called, with which arguments, or that none was.
 * Callers: {@code suite} builds the graders, {@code run} applies them.
 */
@NullMarked
package dev.pareto.evals.grade.tools;

import org.jspecify.annotations.NullMarked;
