/**
 * Swaps at work: keeps their states and moves them by what happens, watches how the requests of each arm end, and copies live requests to
 * candidates in shadow. The calls tell it of every request that has a part in a swap; the admin port reads and steers it.
 */
@NullMarked
package dev.pareto.proxy.swap;

import org.jspecify.annotations.NullMarked;
