package dev.pareto.engine.residency;

import java.util.Locale;

/**
 * The most memory that a model takes, in bytes.
 *
 * @param weights of the files, mapped
 * @param copies of weights in another layout, outside the heap
 * @param cache pages of keys and values, on the heap
 * @param scratch buffers between steps, on the heap; an estimate
 */
public record Footprint(long weights, long copies, long cache, long scratch) {

    /** Of nothing. */
    public static final Footprint NONE = new Footprint(0, 0, 0, 0);

    private static final double GIGA = 1e9;
    private static final double MEGA = 1e6;

    /** Checks that nothing is negative. */
    public Footprint {
        if (weights < 0 || copies < 0 || cache < 0 || scratch < 0) {
            throw new IllegalArgumentException("a negative part: " + weights + ", " + copies + ", " + cache + ", "
                    + scratch);
        }
    }

    /** All of it. */
    public long total() {
        return weights + copies + cache + scratch;
    }

    /** The part on the heap. */
    public long heap() {
        return cache + scratch;
    }

    /** Both together. */
    public Footprint plus(Footprint other) {
        return new Footprint(weights + other.weights, copies + other.copies, cache + other.cache,
                scratch + other.scratch);
    }

    /** For people: {@code 9.2 GB (weights 8.5 GB, copies 0.0 MB, caches 600.0 MB, buffers 80.0 MB)}. */
    public String words() {
        return words(total()) + " (weights " + words(weights) + ", copies " + words(copies) + ", caches "
                + words(cache) + ", buffers " + words(scratch) + ")";
    }

    /** Bytes for people. */
    static String words(long bytes) {
        return bytes < GIGA
                ? String.format(Locale.ROOT, "%.1f MB", bytes / MEGA)
                : String.format(Locale.ROOT, "%.1f GB", bytes / GIGA);
    }
}
