package dev.pareto.policies.predict;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long an answer will probably take.
 *
 * @param observations how many recent answers it rests on, old ones counting less
 * @param firstTokenP50 null without observations, as are the others
 * @param firstTokenP95 until the first token, 95th percentile
 * @param firstTokenP99 until the first token, 99th percentile
 * @param totalP50 until the end, median
 * @param totalP95 until the end, 95th percentile
 * @param totalP99 until the end, 99th percentile
 * @param probeShare the share of requests that may set it aside: what nobody has called for a while may have changed
 */
public record LatencyForecast(long observations, @Nullable Duration firstTokenP50, @Nullable Duration firstTokenP95,
        @Nullable Duration firstTokenP99, @Nullable Duration totalP50, @Nullable Duration totalP95,
        @Nullable Duration totalP99, double probeShare) {

    public static final LatencyForecast UNKNOWN = new LatencyForecast(0, null, null, null, null, null, null, 0);

    public LatencyForecast {
        if (!(probeShare >= 0 && probeShare <= 1)) {
            throw new IllegalArgumentException("a share is in [0, 1], not " + probeShare);
        }
    }

    /** What was seen a moment ago. */
    public LatencyForecast(long observations, @Nullable Duration firstTokenP50, @Nullable Duration firstTokenP95,
            @Nullable Duration firstTokenP99, @Nullable Duration totalP50, @Nullable Duration totalP95,
            @Nullable Duration totalP99) {
        this(observations, firstTokenP50, firstTokenP95, firstTokenP99, totalP50, totalP95, totalP99, 0);
    }
}
