/**
 * The public face of the engine that runs open weights in this JVM.
 */
@NullMarked
package dev.pareto.engine;

import org.jspecify.annotations.NullMarked;
