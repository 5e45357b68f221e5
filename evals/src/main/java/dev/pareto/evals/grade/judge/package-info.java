/**
 * Graders that ask a model, and what makes their word evidence: calibration, bias, independence. They call models only through an injected client.
 * Callers: {@code suite} builds the graders, {@code run} applies them.
 */
@NullMarked
package dev.pareto.evals.grade.judge;

import org.jspecify.annotations.NullMarked;
