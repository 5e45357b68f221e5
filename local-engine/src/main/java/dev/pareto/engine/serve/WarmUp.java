package dev.pareto.engine.serve;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

import dev.pareto.engine.serve.BatchModel.Output;
import dev.pareto.engine.serve.BatchModel.Slice;

/**
 * Runs a new model on made-up tokens until the JIT compiler is done with the kernels, so that the first request does not
 * pay for it: interpreted vector code is some hundred times slower than compiled code.
 */
public final class WarmUp {

    private static final int PROMPT = 31;
    private static final int TOKENS = 8;
    /** Rounds and time without getting faster after which the code counts as compiled; compilers work beside us. */
    private static final int STEADY_ROUNDS = 3;
    private static final long STEADY_NANOS = Duration.ofMillis(400).toNanos();
    private static final double FASTER = 0.9;

    private final BatchModel model;
    private final LongSupplier nanoTime;

    /** For a model that serves nobody yet. */
    public WarmUp(BatchModel model, LongSupplier nanoTime) {
        this.model = model;
        this.nanoTime = nanoTime;
    }

    /**
     * Runs rounds of a prompt and some tokens until they stop getting faster or the time is over; one step of the model
     * may run beyond it.
     *
     * @return the rounds begun
     */
    public int run(Duration longest) {
        long end = nanoTime.getAsLong() + longest.toNanos();
        long now = nanoTime.getAsLong();
        long best = Long.MAX_VALUE;
        long bestAt = now;
        int bestRound = 0;
        int rounds = 0;
        while (now < end && (rounds - bestRound < STEADY_ROUNDS || now - bestAt < STEADY_NANOS)) {
            long before = now;
            round(end);
            rounds++;
            now = nanoTime.getAsLong();
            if (now - before < best * FASTER) {
                best = now - before;
                bestAt = now;
                bestRound = rounds;
            }
        }
        return rounds;
    }

    /** A prompt in chunks that double, then single tokens of two sequences at once. */
    private void round(long end) {
        if (model.reading().encodes()) {
            readWhole();
            return;
        }
        int room = Math.min(model.contextLength(), PROMPT + TOKENS);
        var one = newCache(room);
        var two = newCache(room);
        int used = 0;
        for (int chunk = 1; used + chunk <= Math.min(PROMPT, room) && nanoTime.getAsLong() < end; chunk *= 2) {
            step(List.of(new Slice(one, tokens(chunk, used), Output.LOGITS)));
            used += chunk;
        }
        for (int i = 0; i < TOKENS && used + i < room && nanoTime.getAsLong() < end; i++) {
            step(List.of(new Slice(one, tokens(1, i), Output.LOGITS), new Slice(two, tokens(1, i), Output.LOGITS)));
        }
    }

    /** Two texts at once, as an encoder reads them. */
    private void readWhole() {
        int length = Math.min(model.contextLength(), PROMPT);
        step(List.of(new Slice(newCache(length), tokens(length, 0), Output.HIDDEN),
                new Slice(newCache(length), tokens(length, 1), Output.HIDDEN)));
    }

    /** With pages of its own, which go with it. */
    private BatchModel.Cache newCache(int room) {
        var cache = model.newCache(room);
        for (int tokens = 0; tokens < room; tokens += model.pageTokens()) {
            cache.add(model.newPage());
        }
        return cache;
    }

    private void step(List<Slice> batch) {
        var _ = model.forward(batch);
    }

    private int[] tokens(int count, int salt) {
        var tokens = new int[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = Math.floorMod((i + salt) * 31 + 7, model.vocabulary());
        }
        return tokens;
    }
}
