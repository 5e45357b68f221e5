/**
 * Vendors that misbehave on order and a gateway on free ports, for the tests of every package here.
 */
@NullMarked
package dev.pareto.proxy.testing;

import org.jspecify.annotations.NullMarked;
