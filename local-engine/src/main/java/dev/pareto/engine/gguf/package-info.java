/**
 * Reads GGUF files: typed metadata, tensor descriptions and a read-only memory map of the weights. Every length, count
 * and offset is checked against the file before it is used, so a hostile file costs a {@link GgufException} and nothing
 * more. The model, text and serving packages call it; it knows nothing of them.
 */
@NullMarked
package dev.pareto.engine.gguf;

import org.jspecify.annotations.NullMarked;
