/**
 * Continuous batching over a paged cache: one thread for each loaded model computes all its requests together, step by
 * step. Called by the engine's face only. A request's path: {@code Scheduler.submit}, {@code Caches.lease} for its pages,
 * {@code Batcher.step} again and again, {@code Answer.accept} for each token, {@code Mailbox} to the listener. Why it is
 * built so is told in {@code docs/serving-core.md}.
 */
@NullMarked
package dev.pareto.engine.serve;

import org.jspecify.annotations.NullMarked;
