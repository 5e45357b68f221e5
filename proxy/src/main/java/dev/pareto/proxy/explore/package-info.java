/**
 * The bandits of policies that learn from their own answers: consulted by the planner once the engine has decided, told of costs by the
 * meter and of labels by feedback and judges, and kept in files across restarts. Never chooses what gate, floors or constraints keep out.
 */
@NullMarked
package dev.pareto.proxy.explore;

import org.jspecify.annotations.NullMarked;
