/**
 * How much may happen at once, and how much may be tried again. In process; used by {@code route} and {@code upstream}.
 */
@NullMarked
package dev.pareto.proxy.limit;

import org.jspecify.annotations.NullMarked;
