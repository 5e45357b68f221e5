/**
 * Learns online which of the models that a decision allows serves best: a constrained contextual bandit with a budget pacer, an accuracy
 * floor, forced trials of new models, and the exact probability of every choice. It never widens what the policy engine and its gate
 * admit. Called by whoever decides requests and by the simulated worlds; its state is a value that a store can keep.
 */
@NullMarked
package dev.pareto.policies.bandit;

import org.jspecify.annotations.NullMarked;
