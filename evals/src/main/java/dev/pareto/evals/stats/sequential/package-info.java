/**
 * Tests and intervals that hold at every look: bets against a hypothesis whose capital grows only when it is wrong. What takes one
 * observation at a time is mutable and not thread-safe. Callers: {@code verdict}, experiments.
 */
@NullMarked
package dev.pareto.evals.stats.sequential;

import org.jspecify.annotations.NullMarked;
