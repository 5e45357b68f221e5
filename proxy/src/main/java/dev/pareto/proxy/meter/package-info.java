/**
 * What every attempt used and cost: the ledger row before it starts and its settlement after it ends, and the meters that a
 * dashboard scrapes. Used by {@code upstream} and {@code route}; nothing here blocks.
 */
@NullMarked
package dev.pareto.proxy.meter;

import org.jspecify.annotations.NullMarked;
