/**
 * Recorded decisions, features and not prompts, decided again under another policy: what would have been paid, waited for and got right,
 * by tenant and route, and which part of that the data support. Called by the command line; reads no store and no network.
 */
@NullMarked
package dev.pareto.policies.replay;

import org.jspecify.annotations.NullMarked;
