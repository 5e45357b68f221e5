/**
 * Where a request should go, and why: the catalogue, prices, policies and the decision. Pure Java: no HTTP, no Spring, no SQL.
 */
@NullMarked
package dev.pareto.policies;

import org.jspecify.annotations.NullMarked;
