package dev.pareto.policies.predict;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts of durations in buckets that grow by 5 %, from 0.1 ms to about an hour; a quantile is off by at most 2.5 %. Recording
 * allocates nothing and takes no lock. Histograms of the same kind add up bucket by bucket.
 */
final class LogHistogram {

    private static final double GROWTH = Math.log(1.05);
    private static final double LEAST_NANOS = 100_000;
    static final int BUCKETS = 357;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

    void record(long nanos) {
        counts.getAndIncrement(bucket(nanos));
    }

    void clear() {
        for (int i = 0; i < BUCKETS; i++) {
            counts.set(i, 0);
        }
    }

    /** Adds these counts, each weighing so much, to sums. */
    void addTo(double[] sums, double weight) {
        for (int i = 0; i < BUCKETS; i++) {
            long count = counts.get(i);
            if (count != 0) {
                sums[i] += count * weight;
            }
        }
    }

    static int bucket(long nanos) {
        if (nanos <= LEAST_NANOS) {
            return 0;
        }
        return Math.min(BUCKETS - 1, 1 + (int) (Math.log(nanos / LEAST_NANOS) / GROWTH));
    }

    static double total(double[] sums) {
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return total;
    }

    /** The middle (geometric mean) of the bucket that holds the quantile; -1 when all sums are zero. */
    static long quantileNanos(double[] sums, double quantile) {
        int bucket = quantileBucket(sums, quantile);
        return bucket < 0
                ? -1
                : bucket == 0 ? (long) LEAST_NANOS : (long) (LEAST_NANOS * Math.exp((bucket - 0.5) * GROWTH));
    }

    /** The bucket that holds the quantile; -1 when all sums are zero. */
    static int quantileBucket(double[] sums, double quantile) {
        double total = total(sums);
        if (total <= 0) {
            return -1;
        }
        double rank = quantile * total;
        double seen = 0;
        int last = 0;
        for (int i = 0; i < sums.length; i++) {
            if (sums[i] > 0) {
                last = i;
                seen += sums[i];
                if (seen >= rank) {
                    break;
                }
            }
        }
        return last;
    }
}
