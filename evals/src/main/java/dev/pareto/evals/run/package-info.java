/**
 * Runs: a suite put to one or two models, concurrently and within a spend cap, with every paid answer kept on disk so
 * that a killed run goes on where it stopped. Callers: the command line; {@code verdict} and {@code report} read the results.
 */
@NullMarked
package dev.pareto.evals.run;

import org.jspecify.annotations.NullMarked;
