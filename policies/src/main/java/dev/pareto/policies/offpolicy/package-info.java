/**
 * What a policy would have brought, told from what another one did: inverse propensities, self-normalised, and doubly robust, each with an
 * interval. Called by replays of recorded decisions; values and functions only.
 */
@NullMarked
package dev.pareto.policies.offpolicy;

import org.jspecify.annotations.NullMarked;
