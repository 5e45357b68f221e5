/**
 * The grader of SQL statements, which compares them without running them.
 * Callers: {@code suite} builds the graders, {@code run} applies them.
 */
@NullMarked
package dev.pareto.evals.grade.sql;

import org.jspecify.annotations.NullMarked;
