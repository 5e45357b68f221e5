/**
 * The public face of the engine that runs open weights in this JVM. {@link dev.pareto.engine.LocalEngine} loads GGUF
 * files, {@link dev.pareto.engine.LoadedModel} answers; everything else here is plain data. The gateway and the command
 * line call this package, the tokenizer of {@code .text} and the grammars of {@code .grammar}; the other packages are the
 * engine's own.
 */
@NullMarked
package dev.pareto.engine;

import org.jspecify.annotations.NullMarked;
