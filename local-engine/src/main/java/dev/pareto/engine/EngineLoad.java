package dev.pareto.engine;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How busy a loaded model is, at one moment.
 *
 * @param running requests being computed
 * @param waiting requests in the queue
 * @param free requests that may come besides before one is refused as busy
 * @param queueWait how long the request that was started last had waited, or one has waited already if that is longer; zero
 *            while none waits. A request that comes now will wait about as long
 * @param accepted requests taken since the model was loaded
 * @param refused requests refused as busy since then
 * @param promptTokens computed since then
 * @param cachedTokens of prompts that did not have to be computed since then, because others of the same partition began
 *            alike
 * @param completionTokens drawn since then
 * @param steps of the model since then, each for several requests at once
 * @param batch requests in the last step
 * @param batchMean requests in a step, on average since the model was loaded; null before the first
 * @param pages of the key-value caches
 * @param cacheBytes of the pages that running requests have or may take
 * @param tokensPerSecond drawn over the last seconds in which there was work, all requests together; null before the
 *            first
 * @param firstTokenMedian of the last requests, from submission; null before the first
 * @param firstToken95 the 95th percentile of the same
 * @param guesses of tokens of answers, see {@link Speculation}
 */
public record EngineLoad(int running, int waiting, int free, Duration queueWait, long accepted, long refused,
        long promptTokens, long cachedTokens, long completionTokens, long steps, int batch,
        @Nullable Double batchMean, Pages pages, long cacheBytes, @Nullable Double tokensPerSecond,
        @Nullable Duration firstTokenMedian,
        @Nullable Duration firstToken95, Guesses guesses) {

    /**
     * Tokens that were guessed since the model was loaded.
     *
     * @param drafted computed on trial
     * @param accepted of these, which were right and each saved a step
     */
    public record Guesses(long drafted, long accepted) {}

    /**
     * Pages of key-value caches.
     *
     * @param total that there may be
     * @param inUse by running requests, shared ones counted once
     * @param promised to running requests, for what they may still grow by
     * @param kept for later prompts that begin alike, given up when running requests need them
     */
    public record Pages(int total, int inUse, int promised, int kept) {}
}
