/**
 * Text to tokens and back: tokenizers driven by a model file's metadata, and the streaming side of generation (whole
 * characters, stop strings). Called by the engine's face and by {@code .serve}; it knows nothing of tensors.
 */
@NullMarked
package dev.pareto.engine.text;

import org.jspecify.annotations.NullMarked;
