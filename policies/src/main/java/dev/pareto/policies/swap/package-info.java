/**
 * The life of one replacement of a closed model by an open one: evidence, states, legal moves and the share of traffic that each state
 * allows. A pure state machine, events in, state and moves out; the gateway stores both and the evals module supplies the evidence.
 */
@NullMarked
package dev.pareto.policies.swap;

import org.jspecify.annotations.NullMarked;
