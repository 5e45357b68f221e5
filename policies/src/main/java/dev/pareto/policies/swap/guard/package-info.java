/**
 * What watches a replacement while it serves: tallies, e-detectors with a stated false-alarm rate, graded answers and pairs, sample ratio,
 * the kind of requests. Pure values, each a function of the one before and what was seen; the swap's state machine alone decides what an
 * alarm does.
 */
@NullMarked
package dev.pareto.policies.swap.guard;

import org.jspecify.annotations.NullMarked;
