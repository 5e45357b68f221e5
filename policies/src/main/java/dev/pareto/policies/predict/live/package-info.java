/**
 * Predictors that learn from a gateway's own labels: what a label is, how a route's predictor is taught, compared with the one in force and
 * exported, and how the newest one answers decisions. Called by the gateway, which keeps labels and files and chooses the moment; the
 * learning itself is {@code predict.accuracy}'s.
 */
@NullMarked
package dev.pareto.policies.predict.live;

import org.jspecify.annotations.NullMarked;
