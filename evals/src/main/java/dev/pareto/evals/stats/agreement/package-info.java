/**
 * Judges and raters: how far two agree beyond chance, how a judge's scores are corrected by a few human labels, and strengths from
 * pairwise verdicts. Pure functions; callers: {@code judge}, {@code report}.
 */
@NullMarked
package dev.pareto.evals.stats.agreement;

import org.jspecify.annotations.NullMarked;
