package dev.pareto.policies.predict;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What was observed of one deployment, in slices of time that weigh less as they age. A slice ends after half a minute, or after a second
 * when it holds enough: so the window is minutes on a quiet deployment and as short as its traffic allows on a busy one.
 */
final class LatencySlices {

    static final Duration WINDOW = Duration.ofMinutes(6);

    private static final int SLICES = 24;
    private static final long LONGEST_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long SHORTEST_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int FULL = 64;
    private static final double HALF_LIFE_NANOS = Duration.ofSeconds(90).toNanos();

    private final int kinds;
    private final @Nullable Slice[] ring = new @Nullable Slice[SLICES];
    private int newest;
    private volatile Slice current;

    private static final class Slice {

        private final long startNanos;
        private final AtomicInteger count = new AtomicInteger();
        private final AtomicReferenceArray<@Nullable LogHistogram> histograms;

        Slice(long startNanos, int kinds) {
            this.startNanos = startNanos;
            this.histograms = new AtomicReferenceArray<>(kinds);
        }

        LogHistogram histogram(int kind) {
            LogHistogram found = histograms.get(kind);
            if (found != null) {
                return found;
            }
            LogHistogram made = new LogHistogram();
            LogHistogram raced = histograms.compareAndExchange(kind, null, made);
            return raced == null ? made : raced;
        }

        void addTo(double[] sums, int from, int to, double weight) {
            for (int kind = from; kind < to; kind++) {
                LogHistogram histogram = histograms.get(kind);
                if (histogram != null) {
                    histogram.addTo(sums, weight);
                }
            }
        }
    }

    /** @param kinds how many histograms a slice may have */
    LatencySlices(int kinds, long nowNanos) {
        this.kinds = kinds;
        this.current = new Slice(nowNanos, kinds);
        this.ring[0] = current;
    }

    /** Where the next observation goes; each observation is counted once and may be recorded in several kinds. */
    Observed observe(long nowNanos) {
        Slice slice = current;
        long age = nowNanos - slice.startNanos;
        if (age >= LONGEST_NANOS || (age >= SHORTEST_NANOS && slice.count.get() >= FULL)) {
            slice = next(slice, nowNanos);
        }
        slice.count.incrementAndGet();
        Slice into = slice;
        return (kind, nanos) -> into.histogram(kind).record(nanos);
    }

    /** Takes what was observed. */
    @FunctionalInterface
    interface Observed {
        void record(int kind, long nanos);
    }

    private synchronized Slice next(Slice full, long nowNanos) {
        if (current == full) {
            newest = (newest + 1) % SLICES;
            current = new Slice(nowNanos, kinds);
            ring[newest] = current;
        }
        return current;
    }

    /** The slices that count now, newest first, with their weights. */
    record View(Slice[] slices, double[] weights) {

        /** The weighted counts of kinds {@code from} to {@code to}, exclusive. */
        double[] sum(int from, int to) {
            double[] sums = new double[LogHistogram.BUCKETS];
            for (int i = 0; i < slices.length; i++) {
                slices[i].addTo(sums, from, to, weights[i]);
            }
            return sums;
        }
    }

    View view(long nowNanos) {
        Slice[] slices = slices(nowNanos);
        double[] weights = new double[slices.length];
        for (int i = 0; i < slices.length; i++) {
            weights[i] = Math.pow(0.5, (nowNanos - slices[i].startNanos) / HALF_LIFE_NANOS);
        }
        return new View(slices, weights);
    }

    /** Begins anew. */
    synchronized void forget(long nowNanos) {
        Arrays.fill(ring, null);
        newest = 0;
        current = new Slice(nowNanos, kinds);
        ring[0] = current;
    }

    private synchronized Slice[] slices(long nowNanos) {
        Slice[] found = new Slice[SLICES];
        int count = 0;
        for (int i = 0; i < SLICES; i++) {
            Slice slice = ring[Math.floorMod(newest - i, SLICES)];
            if (slice == null || nowNanos - slice.startNanos >= WINDOW.toNanos()) {
                break;
            }
            found[count++] = slice;
        }
        return Arrays.copyOf(found, count);
    }
}
