/**
 * One small file for each architecture that GGUF names: which keys and tensors it has and which parts they make. Nothing
 * here computes; {@code docs/add-an-architecture.md} walks through one. Called by the decoder's loader only.
 */
@NullMarked
package dev.pareto.engine.model.architecture;

import org.jspecify.annotations.NullMarked;
