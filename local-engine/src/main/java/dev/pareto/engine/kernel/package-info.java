/**
 * The inner loops of a forward pass behind one door, {@link dev.pareto.engine.kernel.Kernels}: written with the Vector
 * API where the JVM has it, with a twin in plain Java that gives the same numbers up to rounding. The models call it;
 * nothing outside this package touches a vector class.
 */
@NullMarked
package dev.pareto.engine.kernel;

import org.jspecify.annotations.NullMarked;
