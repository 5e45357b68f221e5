package dev.pareto.dashboards.ledger;

import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A histogram that adds up: logarithmic buckets, each 5 % wider than the one before, so that a quantile read from sums over any
 * period is at most 2.5 % off (the bucketing of DDSketch, Masson et al., VLDB 2019).
 */
public final class LatencyBuckets {

    private static final double GAMMA = 1.05;
    private static final double LOG_GAMMA = Math.log(GAMMA);

    private LatencyBuckets() {}

    /** The bucket of a latency; everything up to a millisecond is bucket 0. */
    public static int of(long micros) {
        double millis = micros / 1000.0;
        return millis <= 1 ? 0 : (int) Math.ceil(Math.log(millis) / LOG_GAMMA);
    }

    /** The middle of a bucket, in milliseconds. */
    public static double millis(int bucket) {
        return bucket == 0 ? 1 : 2 * Math.pow(GAMMA, bucket) / (GAMMA + 1);
    }

    /** The quantile {@code q} of the counts by bucket in milliseconds, or null when there are none. */
    public static @Nullable Long quantileMillis(SortedMap<Integer, Long> counts, double q) {
        long total = counts.values().stream().mapToLong(Long::longValue).sum();
        if (total == 0) {
            return null;
        }
        long rank = Math.max(1, (long) Math.ceil(q * total));
        long seen = 0;
        for (Map.Entry<Integer, Long> entry : counts.entrySet()) {
            seen += entry.getValue();
            if (seen >= rank) {
                return Math.round(millis(entry.getKey()));
            }
        }
        return Math.round(millis(counts.lastKey()));
    }
}
