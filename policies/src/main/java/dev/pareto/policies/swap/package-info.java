/**
 * The life of one replacement of a closed model by an open one: evidence, states, legal moves and the share of traffic that each state
 * allows. A pure state machine; the gateway stores its states and the evals module supplies its evidence.
 */
@NullMarked
package dev.pareto.policies.swap;

import org.jspecify.annotations.NullMarked;
