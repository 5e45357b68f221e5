/**
 * Routing between a cheap and a dear model: labelled prompts, what a router reaches on them beside the baselines, and thresholds
 * that keep an accuracy floor with a guarantee. Called by the command line and by policies; pure.
 */
@NullMarked
package dev.pareto.policies.route;

import org.jspecify.annotations.NullMarked;
