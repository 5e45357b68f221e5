/** A gateway that is killed under load, on a ledger whose store refuses every commit now and then. */
@NullMarked
package dev.pareto.proxy.crash;

import org.jspecify.annotations.NullMarked;
