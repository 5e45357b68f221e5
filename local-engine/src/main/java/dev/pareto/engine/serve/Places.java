package dev.pareto.engine.serve;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Places of the requests that run and wait. The fewer are free, the fewer one tenant may have: it gets no further one when
 * it holds more than {@link #SHARE} times as many as are free (Choudhury and Hahne 1998, "Dynamic Queue Length Thresholds"). So
 * there is always room for a tenant that comes with one request, and hardly any stays unused when only one comes.
 * Thread-safe.
 */
final class Places {

    /** Of 72 places one tenant gets at most 64. */
    static final int SHARE = 7;

    /** Why there is no place. */
    enum Refusal {
        ALL_TAKEN, SHARE_TAKEN
    }

    private final int total;
    private final Map<String, Integer> held = new HashMap<>();
    private int taken;

    Places(int total) {
        this.total = total;
    }

    /**
     * Takes a place, unless there is a reason against it.
     *
     * @param tenant null for requests that are nobody's, which are only bounded by the whole
     */
    synchronized @Nullable Refusal take(@Nullable String tenant) {
        int free = total - taken;
        if (free == 0) {
            return Refusal.ALL_TAKEN;
        }
        if (tenant != null && held.getOrDefault(tenant, 0) > SHARE * free) {
            return Refusal.SHARE_TAKEN;
        }
        taken++;
        if (tenant != null) {
            held.merge(tenant, 1, Integer::sum);
        }
        return null;
    }

    /** Gives one back. */
    synchronized void release(@Nullable String tenant) {
        taken--;
        if (tenant != null) {
            held.computeIfPresent(tenant, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Places that nobody has. */
    synchronized int free() {
        return total - taken;
    }
}
