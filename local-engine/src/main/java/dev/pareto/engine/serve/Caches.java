package dev.pareto.engine.serve;

import org.jspecify.annotations.Nullable;

/**
 * Gives out key-value caches as long as their memory stays within the budget. A lease is the place where a later cache
 * of common prefixes hands over tokens that are computed already: {@link Lease#reused} is how many. Used by the compute
 * thread; {@link #most} and {@link #reservedBytes} by any.
 */
final class Caches {

    private final BatchModel model;
    private final long budgetBytes;
    private final int most;
    private volatile long reservedBytes;

    Caches(BatchModel model, long budgetBytes) {
        this.model = model;
        this.budgetBytes = budgetBytes;
        this.most = mostWithin(model, budgetBytes);
    }

    /** The longest sequence that the budget has room for when nothing else runs; at most the model's context. */
    int most() {
        return most;
    }

    /** Bytes of all caches given out. */
    long reservedBytes() {
        return reservedBytes;
    }

    /** A cache with room for so many tokens, the prompt's first ones maybe in it; null if the budget is used up. */
    @SuppressWarnings("UnusedVariable") // the prompt is what a prefix is looked up by
    @Nullable
    Lease lease(int[] prompt, int capacity) {
        long bytes = model.cacheBytes(capacity);
        if (bytes > budgetBytes - reservedBytes) {
            return null;
        }
        var lease = new Lease(model.newCache(capacity), 0, bytes);
        reserve(bytes);
        return lease;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the compute thread writes
    private void reserve(long change) {
        reservedBytes = reservedBytes + change;
    }

    private static int mostWithin(BatchModel model, long budgetBytes) {
        int low = 0;
        int high = model.contextLength();
        while (low < high) {
            int middle = low + (high - low + 1) / 2;
            if (model.cacheBytes(middle) <= budgetBytes) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The right to a cache until {@link #release}. */
    final class Lease {

        private final BatchModel.Cache cache;
        private final int reused;
        private long bytes;

        private Lease(BatchModel.Cache cache, int reused, long bytes) {
            this.cache = cache;
            this.reused = reused;
            this.bytes = bytes;
        }

        BatchModel.Cache cache() {
            return cache;
        }

        /** Tokens of the prompt that the cache holds already. */
        int reused() {
            return reused;
        }

        /** Gives the memory back. A second call does nothing. */
        void release() {
            reserve(-bytes);
            bytes = 0;
        }
    }
}
