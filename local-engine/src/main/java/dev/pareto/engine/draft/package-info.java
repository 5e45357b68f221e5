/**
 * Guesses of the tokens to come, which the model then checks several at a time. Called by the scheduler, on its compute
 * thread only. Guesses may be wrong at no price but time: what is drawn never depends on them.
 */
@NullMarked
package dev.pareto.engine.draft;

import org.jspecify.annotations.NullMarked;
