/**
 * A request's life, top to bottom: {@code ModelCalls} for the calls that Pareto understands, {@code ModelList} for the catalogue,
 * and the gateway's routes for everything that passes through. Called by the web server; uses every other package here.
 */
@NullMarked
package dev.pareto.proxy.route;

import org.jspecify.annotations.NullMarked;
