/**
 * What computation works on: weight matrices as they lie in the file, the exact meaning of every block format, and the
 * threads that share one computation. The kernels and models call it; it depends on the GGUF reader alone.
 */
@NullMarked
package dev.pareto.engine.tensor;

import org.jspecify.annotations.NullMarked;
