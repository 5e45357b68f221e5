/**
 * From logits to the next token: bias, penalties, cuts, the seeded draw and log-probabilities. Called by the scheduler's
 * compute thread only; knows nothing of models or text.
 */
@NullMarked
package dev.pareto.engine.sample;

import org.jspecify.annotations.NullMarked;
