/**
 * Seeded worlds in which decisions can be watched before they cost anything: candidates whose latency, health, price and quality change,
 * driven through the real policy engine, latency trackers, price book and bandit, beside an oracle that knows the truth. Called by tests
 * and by the command line.
 */
@NullMarked
package dev.pareto.policies.simulate;

import org.jspecify.annotations.NullMarked;
