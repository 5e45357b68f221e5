package dev.pareto.engine.serve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Several passages that one request wants read. They go to the scheduler a few at a time, the next when one is done, so
 * that a large request shares the model with others and holds one place in the queue. Thread-safe.
 */
final class Bundle {

    private final List<Passage> passages;
    private final int atOnce;
    private final Function<Passage, CompletableFuture<float[][]>> read;
    private final float[][][] rows;
    private final Map<Integer, CompletableFuture<float[][]>> underWay = new HashMap<>();
    private final CompletableFuture<List<float[][]>> result = new CompletableFuture<>();
    private int next;
    private int done;

    /**
     * @param atOnce passages that are with the scheduler at the same time
     * @param read hands one over; never blocks
     */
    Bundle(List<Passage> passages, int atOnce, Function<Passage, CompletableFuture<float[][]>> read) {
        this.passages = List.copyOf(passages);
        this.atOnce = atOnce;
        this.read = read;
        this.rows = new float[passages.size()][][];
    }

    /** Starts; the result has the rows of each passage, in order. Cancelling it stops the work. */
    CompletableFuture<List<float[][]>> start() {
        var _ = result.whenComplete((_, failure) -> {
            if (failure != null) {
                stop();
            }
        });
        handOver();
        return result;
    }

    private void handOver() {
        for (int index = claim(); index >= 0; index = claim()) {
            int place = index;
            var reading = read.apply(passages.get(place));
            if (!watch(place, reading)) {
                reading.cancel(false);
            }
            var _ = reading.whenComplete((value, failure) -> {
                if (failure != null) {
                    result.completeExceptionally(failure);
                } else {
                    finish(place, value);
                }
            });
        }
    }

    /** The next passage to hand over, or -1 while enough are under way, or at the end. */
    private synchronized int claim() {
        return result.isDone() || next == passages.size() || next - done >= atOnce ? -1 : next++;
    }

    private synchronized boolean watch(int place, CompletableFuture<float[][]> reading) {
        underWay.put(place, reading);
        return !result.isDone();
    }

    private void finish(int place, float[][] value) {
        var all = take(place, value);
        if (all == null) {
            handOver();
        } else {
            result.complete(all);
        }
    }

    private synchronized @Nullable List<float[][]> take(int place, float[][] value) {
        underWay.remove(place);
        rows[place] = value;
        done++;
        return done == rows.length ? Arrays.asList(rows) : null;
    }

    private void stop() {
        List<CompletableFuture<float[][]>> left;
        synchronized (this) {
            left = new ArrayList<>(underWay.values());
            underWay.clear();
        }
        left.forEach(reading -> reading.cancel(false));
    }
}
