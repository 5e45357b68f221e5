/**
 * The statistics behind a verdict, as pure functions: no state but what is passed in, no clock, no files.
 * Every procedure names its source and reproduces independent reference values. Callers: {@code verdict}, {@code report},
 * and anyone who wants to check a published number.
 */
@NullMarked
package dev.pareto.evals.stats;

import org.jspecify.annotations.NullMarked;
