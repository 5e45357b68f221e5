package dev.pareto.engine.serve;

import java.time.Duration;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineLoad;

/** Counts what the scheduler does. Written by few threads, read by any; the lock is held for nanoseconds. */
final class Meter {

    private static final int WINDOW = 256;
    /** Time constant of the token rate. */
    private static final double MEMORY_NANOS = 5e9;

    private final long[] firstTokenNanos = new long[WINDOW];
    private long firstTokens;
    private long accepted;
    private long refused;
    private long promptTokens;
    private long cachedTokens;
    private long completionTokens;
    private long guessedTokens;
    private long rightTokens;
    private long steps;
    private long batched;
    private int lastBatch;
    private int running;
    private int waiting;
    private long queueWaitNanos;
    private long @Nullable [] sortedFirstTokens;
    private double recentTokens;
    private double recentNanos;

    synchronized void accepted() {
        accepted++;
    }

    /** A sequence goes into the queue: the request itself, or one of its texts. */
    synchronized void queued() {
        waiting++;
    }

    synchronized void refused() {
        refused++;
    }

    synchronized void state(int nowRunning, int ended, int started) {
        running = nowRunning;
        waiting -= ended + started;
    }

    /** How long the request started last had waited, or one has waited already; 0 while none waits. */
    synchronized void queueWait(long nanos) {
        queueWaitNanos = nanos;
    }

    synchronized void firstToken(long nanos) {
        sortedFirstTokens = null;
        firstTokenNanos[(int) (firstTokens++ % WINDOW)] = nanos;
    }

    /** Tokens of a prompt that need not be computed. */
    synchronized void reused(int tokens) {
        cachedTokens += tokens;
    }

    /** Tokens that were guessed, and how many of these were drawn. */
    synchronized void guessed(int tokens, int right) {
        guessedTokens += tokens;
        rightTokens += right;
    }

    synchronized void step(int batch, int prompt, int completion, long nanos) {
        steps++;
        batched += batch;
        lastBatch = batch;
        promptTokens += prompt;
        completionTokens += completion;
        double keep = Math.exp(-nanos / MEMORY_NANOS);
        recentTokens = recentTokens * keep + completion;
        recentNanos = recentNanos * keep + nanos;
    }

    synchronized int running() {
        return running;
    }

    synchronized int waiting() {
        return waiting;
    }

    synchronized EngineLoad snapshot(int free, EngineLoad.Pages pages, long cacheBytes) {
        var sorted = sortedFirstTokens;
        if (sorted == null) { // asked with every request that a policy decides
            sorted = Arrays.copyOf(firstTokenNanos, (int) Math.min(firstTokens, WINDOW));
            Arrays.sort(sorted);
            sortedFirstTokens = sorted;
        }
        return new EngineLoad(running, waiting, free, Duration.ofNanos(queueWaitNanos), accepted, refused, promptTokens,
                cachedTokens, completionTokens,
                steps, lastBatch, steps == 0 ? null : (double) batched / steps, pages, cacheBytes,
                completionTokens == 0 || recentNanos <= 0 ? null : recentTokens * 1e9 / recentNanos,
                quantile(sorted, 0.5), quantile(sorted, 0.95), new EngineLoad.Guesses(guessedTokens, rightTokens));
    }

    private static @Nullable Duration quantile(long[] sorted, double share) {
        return sorted.length == 0
                ? null
                : Duration.ofNanos(sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]);
    }
}
