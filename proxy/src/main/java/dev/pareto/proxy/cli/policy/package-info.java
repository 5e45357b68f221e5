/**
 * {@code ./pareto policy …}: what a policy or a router would do, measured before it is deployed. Called by {@code cli}.
 */
@NullMarked
package dev.pareto.proxy.cli.policy;

import org.jspecify.annotations.NullMarked;
