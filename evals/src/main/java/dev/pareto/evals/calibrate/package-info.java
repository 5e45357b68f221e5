/**
 * Does a judge agree with people? Labelled answers and pairs are put to a judge, or what a judge said of them is read from a recording; the
 * labels make the calibration without which no judge opens a gate. Called by the command line.
 */
@NullMarked
package dev.pareto.evals.calibrate;

import org.jspecify.annotations.NullMarked;
