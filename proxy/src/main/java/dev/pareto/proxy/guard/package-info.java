/**
 * The edge that every request of the data port crosses first: path and host hygiene, body bounds by counted bytes, header
 * allow-lists in both directions. Used by {@code route} and {@code upstream}; speaks Netty's types, not Spring's.
 */
@NullMarked
package dev.pareto.proxy.guard;

import org.jspecify.annotations.NullMarked;
