/**
 * Continuous batching: one thread for each loaded model computes all its requests together, step by step. Called by the
 * engine's face only. A request's path: {@code Scheduler.submit}, {@code Batcher.step} again and again,
 * {@code Answer.accept} for each token, {@code Mailbox} to the listener.
 */
@NullMarked
package dev.pareto.engine.serve;

import org.jspecify.annotations.NullMarked;
