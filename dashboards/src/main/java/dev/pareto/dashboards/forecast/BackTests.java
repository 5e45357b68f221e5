package dev.pareto.dashboards.forecast;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.DoubleBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Back-tests of one seed, each made once for the same days: it takes eight forecasts, and whole days change once a day. Thread-safe. */
public final class BackTests {

    private static final int MOST_KEPT = 256;

    private final long seed;
    /** By the days, which a buffer compares. */
    private final Cache<DoubleBuffer, Optional<BackTest>> made = Caffeine.newBuilder().maximumSize(MOST_KEPT).build();

    public BackTests(long seed) {
        this.seed = seed;
    }

    /** As {@link BackTest#of}. */
    public @Nullable BackTest of(double[] days) {
        return made.get(DoubleBuffer.wrap(days.clone()), key -> Optional.ofNullable(BackTest.of(key.array(), seed)))
                .orElse(null);
    }
}
