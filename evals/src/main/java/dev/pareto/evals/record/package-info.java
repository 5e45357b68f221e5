/**
 * Recorded answers: what a model once said to a prompt, found again by model and prompt, and the converters that make recordings
 * and suites of published model outputs. Callers: the gateway's recorded vendors and the command line.
 */
@NullMarked
package dev.pareto.evals.record;

import org.jspecify.annotations.NullMarked;
