/**
 * Two models on the same items: score tests, intervals and resampling for the difference of passes or scores, also when items come in
 * clusters or strata. Pure functions; callers: {@code verdict}, {@code report}.
 */
@NullMarked
package dev.pareto.evals.stats.paired;

import org.jspecify.annotations.NullMarked;
