package dev.pareto.policies.predict;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long a route's answers usually are: a running median, which a few very long answers do not move. Safe for many threads;
 * at most 10,000 routes are remembered, others answer with the first guess.
 */
public final class OutputLengths {

    /** The guess for a route that has answered nothing yet. */
    public static final int FIRST_GUESS = 256;

    private static final int MAX_ROUTES = 10_000;
    private static final double STEP = 0.05;

    private final ConcurrentMap<String, AtomicLong> medians = new ConcurrentHashMap<>();

    public int estimate(String route) {
        AtomicLong bits = medians.get(route);
        return bits == null ? FIRST_GUESS : (int) Math.round(Math.exp(Double.longBitsToDouble(bits.get())));
    }

    /** Moves the median a step towards an observed length, on a logarithmic scale (stochastic approximation). */
    public void observe(String route, int outputTokens) {
        if (outputTokens <= 0 || (medians.size() >= MAX_ROUTES && !medians.containsKey(route))) {
            return;
        }
        double seen = Math.log(outputTokens);
        AtomicLong bits = medians.computeIfAbsent(route, name -> new AtomicLong(Double.doubleToLongBits(seen)));
        bits.updateAndGet(old -> {
            double median = Double.longBitsToDouble(old);
            return Double.doubleToLongBits(median + Math.clamp(seen - median, -STEP, STEP));
        });
    }
}
