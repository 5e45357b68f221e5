/**
 * Decoder-only language models: a declarative description of each architecture over shared blocks, the forward pass and
 * the keys and values it remembers. Serving calls {@link dev.pareto.engine.model.Decoder}; nothing here knows of text.
 */
@NullMarked
package dev.pareto.engine.model;

import org.jspecify.annotations.NullMarked;
