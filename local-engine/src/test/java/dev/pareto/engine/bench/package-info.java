/**
 * Benchmarks, run by hand with the profile {@code bench}. Nothing calls them.
 */
@NullMarked
package dev.pareto.engine.bench;

import org.jspecify.annotations.NullMarked;
