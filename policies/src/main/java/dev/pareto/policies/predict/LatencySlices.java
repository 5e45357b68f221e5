package dev.pareto.policies.predict;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What was observed of one deployment, in slices of time that weigh less as they age. On a busy deployment they weigh half after a minute
 * and a half and are gone after six. Where that would leave too few to tell anything, the half-life is as long as it takes for
 * {@value #ENOUGH} of them to count, though no longer than they have been watched for, nor than {@link #LONGEST_HALF_LIFE}: so that a
 * deployment with an answer every quarter of an hour is known, too, by what it did in the last hours. All other times are parts of the
 * half-life. Safe for many threads.
 */
final class LatencySlices {

    static final Duration LEAST_HALF_LIFE = Duration.ofSeconds(90);
    static final Duration LONGEST_HALF_LIFE = Duration.ofHours(6);

    /** A quarter more than what must be seen before a latency counts, because each loses weight until the next comes. */
    private static final int ENOUGH = 25;
    /** After so many half-lives nothing counts any more. */
    private static final int HALF_LIVES = 4;
    /** Slices of a half-life. */
    private static final int PARTS = 3;
    private static final int SLICES = 2 * PARTS * HALF_LIVES;
    private static final long SHORTEST_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int FULL = 64;
    /** A half-life is found up to such a part of it. */
    private static final int EXACT = 16;

    private final int kinds;
    private final @Nullable Slice[] ring = new @Nullable Slice[SLICES];
    private int newest;
    private volatile Slice current;
    private volatile long lastNanos;
    private volatile long halfLifeNanos = LEAST_HALF_LIFE.toNanos();

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
        this.lastNanos = nowNanos;
    }

    /** After which an observation weighs half. */
    long halfLifeNanos() {
        return halfLifeNanos;
    }

    /** Where the next observation goes; each observation is counted once and may be recorded in several kinds. */
    Observed observe(long nowNanos) {
        Slice slice = current;
        long age = nowNanos - slice.startNanos;
        lastNanos = nowNanos;
        if (age >= halfLifeNanos / PARTS || (age >= SHORTEST_NANOS && slice.count.get() >= FULL)) {
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
            measure();
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
            weights[i] = weight(nowNanos - slices[i].startNanos, halfLifeNanos);
        }
        return new View(slices, weights);
    }

    /** Begins anew. */
    synchronized void forget(long nowNanos) {
        Arrays.fill(ring, null);
        newest = 0;
        current = new Slice(nowNanos, kinds);
        ring[0] = current;
        halfLifeNanos = LEAST_HALF_LIFE.toNanos();
    }

    private static double weight(long ageNanos, long halfLifeNanos) {
        return Math.pow(0.5, (double) ageNanos / halfLifeNanos);
    }

    /** The half-life that these observations need, as of the last of them: silence alone makes nothing count for longer. */
    private void measure() {
        long oldest = current.startNanos;
        for (int i = 0; i < SLICES; i++) {
            Slice slice = ring[Math.floorMod(newest - i, SLICES)];
            if (slice == null) {
                break;
            }
            oldest = slice.count.get() == 0 ? oldest : slice.startNanos;
        }
        long least = LEAST_HALF_LIFE.toNanos();
        long most = Math.clamp(lastNanos - oldest, least, LONGEST_HALF_LIFE.toNanos());
        while (most - least > least / EXACT && counted(least) < ENOUGH) {
            long middle = least + (most - least) / 2;
            if (counted(middle) < ENOUGH) {
                least = middle;
            } else {
                most = middle;
            }
        }
        halfLifeNanos = counted(least) < ENOUGH ? most : least;
    }

    private double counted(long halfLife) {
        double sum = 0;
        for (int i = 0; i < SLICES; i++) {
            Slice slice = ring[Math.floorMod(newest - i, SLICES)];
            if (slice == null || lastNanos - slice.startNanos >= HALF_LIVES * halfLife) {
                break;
            }
            sum += slice.count.get() * weight(lastNanos - slice.startNanos, halfLife);
        }
        return sum;
    }

    private synchronized Slice[] slices(long nowNanos) {
        measure();
        Slice[] found = new Slice[SLICES];
        int count = 0;
        for (int i = 0; i < SLICES; i++) {
            Slice slice = ring[Math.floorMod(newest - i, SLICES)];
            if (slice == null || nowNanos - slice.startNanos >= HALF_LIVES * halfLifeNanos) {
                break;
            }
            found[count++] = slice;
        }
        return Arrays.copyOf(found, count);
    }
}
