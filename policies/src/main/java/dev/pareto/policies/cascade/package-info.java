/**
 * Asking an open model first and judging its answer before the caller sees it: what a route declares of its cascade, the tests that need no
 * network, how often answers passed, and the verifier learnt from labels. Called by the decision and by whoever makes the calls.
 */
@NullMarked
package dev.pareto.policies.cascade;

import org.jspecify.annotations.NullMarked;
