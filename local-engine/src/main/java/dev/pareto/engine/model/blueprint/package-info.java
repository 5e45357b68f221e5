/**
 * What a model is made of: norms, attention, positions, feed-forward, residuals, as data that says nothing
 * of how it is computed, and the checked readers that fill them from a GGUF file. Architectures describe themselves with
 * these parts; the forward pass in the package above runs the description.
 */
@NullMarked
package dev.pareto.engine.model.blueprint;

import org.jspecify.annotations.NullMarked;
