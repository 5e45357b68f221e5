package dev.pareto.engine;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How busy a loaded model is, at one moment.
 *
 * @param running requests being computed
 * @param waiting requests in the queue
 * @param accepted requests taken since the model was loaded
 * @param refused requests refused as busy since then
 * @param promptTokens computed since then
 * @param completionTokens drawn since then
 * @param steps of the model since then, each for several requests at once
 * @param cacheBytes reserved by running requests
 * @param tokensPerSecond drawn over the last seconds in which there was work, all requests together; null before the
 *            first
 * @param firstTokenMedian of the last requests, from submission; null before the first
 * @param firstToken95 the 95th percentile of the same
 */
public record EngineLoad(int running, int waiting, long accepted, long refused, long promptTokens,
        long completionTokens, long steps, long cacheBytes, @Nullable Double tokensPerSecond,
        @Nullable Duration firstTokenMedian, @Nullable Duration firstToken95) {}
