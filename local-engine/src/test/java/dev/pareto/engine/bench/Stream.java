package dev.pareto.engine.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.FinishReason;
import dev.pareto.engine.Generation;
import dev.pareto.engine.GenerationListener;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.GenerationResult;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.TextDelta;

/**
 * One answer of a fixed length. Keeps when its pieces were heard; a token whose bytes are half a character comes with the
 * next one's piece.
 */
final class Stream implements GenerationListener {

    private final List<Long> heardNanos = new ArrayList<>();
    private final CompletableFuture<GenerationResult> end = new CompletableFuture<>();
    private @Nullable Generation generation;

    private Stream() {}

    /** Begins an answer. */
    static Stream begin(LoadedModel model, GenerationRequest request) {
        var stream = new Stream();
        stream.generation = model.generate(request, stream);
        return stream;
    }

    @Override
    public synchronized void onText(TextDelta delta) {
        heardNanos.add(System.nanoTime());
        notifyAll();
    }

    @Override
    public void onFinish(GenerationResult result) {
        end.complete(result);
        wakeAll();
    }

    @Override
    public void onError(EngineException failure) {
        end.completeExceptionally(failure);
        wakeAll();
    }

    private synchronized void wakeAll() {
        notifyAll();
    }

    /** Pieces so far. */
    synchronized int heard() {
        return heardNanos.size();
    }

    /** Waits until so many pieces were heard, or the answer has ended. */
    synchronized void awaitHeard(int pieces) throws InterruptedException {
        while (heardNanos.size() < pieces && !end.isDone()) {
            wait();
        }
    }

    /** Waits for the end and checks that it was that of the length. */
    GenerationResult whole() {
        var result = end.join();
        if (result.reason() != FinishReason.LENGTH) {
            throw new IllegalStateException("an answer of a fixed length ended otherwise: " + result);
        }
        return result;
    }

    /** Waits for the end; from submission until the first token was drawn. */
    double firstTokenMillis() {
        return Objects.requireNonNull(whole().timings().firstToken(), "a token").toNanos() / 1e6;
    }

    boolean ended() {
        return end.isDone();
    }

    /** Stops it and waits. */
    void stop() {
        if (generation != null) {
            generation.cancel();
        }
        var _ = end.join();
    }

    /** Milliseconds between one piece and the next, of pieces heard within a time. */
    synchronized double[] gaps(long fromNanos, long toNanos) {
        var gaps = new double[Math.max(0, heardNanos.size() - 1)];
        int count = 0;
        for (int i = 1; i < heardNanos.size(); i++) {
            long at = heardNanos.get(i);
            if (at - fromNanos > 0 && at - toNanos <= 0) {
                gaps[count++] = (at - heardNanos.get(i - 1)) / 1e6;
            }
        }
        return Arrays.copyOf(gaps, count);
    }
}
