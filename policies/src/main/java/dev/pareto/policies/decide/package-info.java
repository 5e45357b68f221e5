/**
 * The decision: which candidate serves a request, and why the others do not. Pure and deterministic; the gateway calls it for every
 * request and keeps what it says.
 */
@NullMarked
package dev.pareto.policies.decide;

import org.jspecify.annotations.NullMarked;
