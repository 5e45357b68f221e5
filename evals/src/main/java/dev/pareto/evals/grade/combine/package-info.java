/**
 * Graders made of graders: all, any, weighted, first to fail, not.
 * Callers: {@code suite} builds the graders, {@code run} applies them.
 */
@NullMarked
package dev.pareto.evals.grade.combine;

import org.jspecify.annotations.NullMarked;
