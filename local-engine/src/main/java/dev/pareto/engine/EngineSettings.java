package dev.pareto.engine;

import java.time.Duration;

/**
 * The engine's limits. Those of sequences, queue and cache memory hold for each loaded model.
 *
 * @param threads that compute together
 * @param maxSequences answers computed at once
 * @param queueLength requests that may wait beside those
 * @param maxQueueTime the longest a request waits to be started
 * @param timeLimit the longest an embedding or a reading of logits takes, and what callers give requests by default
 * @param cacheBytes the most memory that key-value caches take, those kept for later prompts included; taken page by page
 *            and not given back before the model is closed
 * @param cacheType how the caches store numbers
 * @param copyBytes the most memory outside the heap that copies of weights take, in a layout that single answers are
 *            computed faster from; 0 for none
 * @param prefillChunk the most prompt tokens computed in one step, shared by the requests that begin
 * @param slowdown the longest that prompts may make a step of running answers, as a multiple of one without, while there are
 *            no more prompts than answers; 1 or more, where 1 still reads a token a step and {@link #WHOLE_CHUNKS} the
 *            whole chunk whatever it takes
 * @param defaultMaxTokens the length of an answer whose request does not tell
 * @param warmUp the longest to run the kernels at load, so that the first request finds compiled code; zero for none
 * @param speculation how tokens are guessed ahead
 */
public record EngineSettings(int threads, int maxSequences, int queueLength, Duration maxQueueTime, Duration timeLimit,
        long cacheBytes, CacheType cacheType, long copyBytes, int prefillChunk, double slowdown, int defaultMaxTokens,
        Duration warmUp, Speculation speculation) {

    /** As a slowdown: prompts are read a chunk a step. */
    public static final double WHOLE_CHUNKS = Double.POSITIVE_INFINITY;

    /** Checks the ranges. */
    public EngineSettings {
        check(threads >= 1 && threads <= 1024, "threads is " + threads + "; it must be 1 to 1024");
        check(maxSequences >= 1 && maxSequences <= 256, "maxSequences is " + maxSequences + "; it must be 1 to 256");
        check(queueLength >= 0, "queueLength is " + queueLength + "; it must be 0 or more");
        check(maxQueueTime.isPositive(), "maxQueueTime is " + maxQueueTime + "; it must be positive");
        check(timeLimit.isPositive() && timeLimit.compareTo(Duration.ofDays(3650)) <= 0,
                "timeLimit is " + timeLimit + "; it must be positive and below ten years");
        check(cacheBytes > 0, "cacheBytes is " + cacheBytes + "; it must be positive");
        check(copyBytes >= 0, "copyBytes is " + copyBytes + "; it must be 0 or more");
        check(prefillChunk >= 1, "prefillChunk is " + prefillChunk + "; it must be 1 or more");
        check(slowdown >= 1, "slowdown is " + slowdown + "; it must be 1 or more");
        check(defaultMaxTokens >= 1, "defaultMaxTokens is " + defaultMaxTokens + "; it must be 1 or more");
        check(!warmUp.isNegative(), "warmUp is " + warmUp + "; it must be zero or more");
    }

    /** Every processor, a quarter of heap and memory for caches and copies, 8 answers at once, 64 waiting. */
    public static EngineSettings defaults() {
        var runtime = Runtime.getRuntime();
        return new EngineSettings(runtime.availableProcessors(), 8, 64, Duration.ofSeconds(60), Duration.ofMinutes(10),
                runtime.maxMemory() / 4, CacheType.F32, runtime.maxMemory(), 128, 1.6, 1024, Duration.ofSeconds(5),
                Speculation.OFF);
    }

    /** The same with another number of threads. */
    public EngineSettings withThreads(int newThreads) {
        return new EngineSettings(newThreads, maxSequences, queueLength, maxQueueTime, timeLimit, cacheBytes, cacheType,
                copyBytes, prefillChunk, slowdown, defaultMaxTokens, warmUp, speculation);
    }

    /** The same with another number of answers at once and waiting. */
    public EngineSettings withSequences(int running, int waiting) {
        return new EngineSettings(threads, running, waiting, maxQueueTime, timeLimit, cacheBytes, cacheType,
                copyBytes, prefillChunk, slowdown, defaultMaxTokens, warmUp, speculation);
    }

    /** The same with another limit on the memory of caches. */
    public EngineSettings withCacheBytes(long bytes) {
        return new EngineSettings(threads, maxSequences, queueLength, maxQueueTime, timeLimit, bytes, cacheType,
                copyBytes, prefillChunk, slowdown, defaultMaxTokens, warmUp, speculation);
    }

    /** The same with caches of another type. */
    public EngineSettings withCacheType(CacheType type) {
        return new EngineSettings(threads, maxSequences, queueLength, maxQueueTime, timeLimit, cacheBytes, type,
                copyBytes, prefillChunk, slowdown, defaultMaxTokens, warmUp, speculation);
    }

    /** The same with another limit on the memory of copies of weights. */
    public EngineSettings withCopyBytes(long bytes) {
        return new EngineSettings(threads, maxSequences, queueLength, maxQueueTime, timeLimit, cacheBytes, cacheType,
                bytes, prefillChunk, slowdown, defaultMaxTokens, warmUp, speculation);
    }

    /** The same with another number of prompt tokens in a step. */
    public EngineSettings withPrefillChunk(int tokens) {
        return new EngineSettings(threads, maxSequences, queueLength, maxQueueTime, timeLimit, cacheBytes, cacheType,
                copyBytes, tokens, slowdown, defaultMaxTokens, warmUp, speculation);
    }

    /** The same with another bound on how much prompts slow answers down. */
    public EngineSettings withSlowdown(double newSlowdown) {
        return new EngineSettings(threads, maxSequences, queueLength, maxQueueTime, timeLimit, cacheBytes, cacheType,
                copyBytes, prefillChunk, newSlowdown, defaultMaxTokens, warmUp, speculation);
    }

    /** The same with another longest warm-up. */
    public EngineSettings withWarmUp(Duration longest) {
        return new EngineSettings(threads, maxSequences, queueLength, maxQueueTime, timeLimit, cacheBytes, cacheType,
                copyBytes, prefillChunk, slowdown, defaultMaxTokens, longest, speculation);
    }

    /** The same with other guesses. */
    public EngineSettings withSpeculation(Speculation guesses) {
        return new EngineSettings(threads, maxSequences, queueLength, maxQueueTime, timeLimit, cacheBytes, cacheType,
                copyBytes, prefillChunk, slowdown, defaultMaxTokens, warmUp, guesses);
    }

    private static void check(boolean good, String otherwise) {
        if (!good) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
