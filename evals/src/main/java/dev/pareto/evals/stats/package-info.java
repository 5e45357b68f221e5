/**
 * The statistics behind a verdict, as pure functions: no state but what is passed in, no clock, no files. Here lies what all
 * share (intervals, margins, single proportions, sample sizes, several tests at once); {@code paired}, {@code arms},
 * {@code sequential} and {@code agreement} hold the procedures, each with its source and independent reference values.
 */
@NullMarked
package dev.pareto.evals.stats;

import org.jspecify.annotations.NullMarked;
