/**
 * Where each route's traffic goes and why: what candidates cost, take and get right as forecast and as measured, what keeps them out, and what
 * another policy would have done. Called by the admin port on virtual threads; reads the ledger and the configuration it is given.
 */
@NullMarked
package dev.pareto.dashboards.routing;

import org.jspecify.annotations.NullMarked;
