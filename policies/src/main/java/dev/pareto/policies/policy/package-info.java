/**
 * Routes, policies and everything else that an operator writes in {@code pareto.yaml}, read strictly and replaced as a whole. The gateway
 * reads it at start and when a file changes; the decision only sees the resulting values.
 */
@NullMarked
package dev.pareto.policies.policy;

import org.jspecify.annotations.NullMarked;
