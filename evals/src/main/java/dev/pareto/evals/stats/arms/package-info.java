/**
 * Two or more arms that saw different requests, as in a live experiment: differences of rates and means, variance reduction and the
 * check of the split. Pure functions; callers: experiments and reports.
 */
@NullMarked
package dev.pareto.evals.stats.arms;

import org.jspecify.annotations.NullMarked;
