/**
 * The gateway: a request's life from the client's bytes to the settled ledger row.
 */
@NullMarked
package dev.pareto.proxy;

import org.jspecify.annotations.NullMarked;
