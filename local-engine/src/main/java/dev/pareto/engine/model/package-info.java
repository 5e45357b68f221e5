/**
 * Language models, those that write and encoders that only read: the forward pass over an architecture's description and
 * the keys and values it remembers. Serving calls {@link dev.pareto.engine.model.Decoder}; nothing here knows of text.
 */
@NullMarked
package dev.pareto.engine.model;

import org.jspecify.annotations.NullMarked;
