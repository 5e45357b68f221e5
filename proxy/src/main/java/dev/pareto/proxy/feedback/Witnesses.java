package dev.pareto.proxy.feedback;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.pareto.policies.swap.SwapKey;

import org.jspecify.annotations.Nullable;

/**
 * Who has been heard of a swap's arm lately. Guards rest on observations that do not hang together: whoever speaks of a whole
 * conversation says one thing, and no tenant outvotes all the others. Whether somebody is heard is settled before what he says is looked
 * at, so that the guards' run length holds. Not thread-safe.
 */
final class Witnesses {

    /** In which a unit is heard once. */
    static final Duration WINDOW = Duration.ofDays(1);

    /** Ratings a window that a tenant has beyond those of all others, and those that name no unit. */
    static final int FREE = 5;

    /** Of an arm and a window; beyond it the oldest are forgotten. */
    private static final int MOST = 50_000;

    private record Side(SwapKey key, String arm) {}

    private record Heard(Instant at, String tenant, @Nullable String unit) {}

    /** What was heard of one arm. */
    private static final class Hearing {

        private final Deque<Heard> heard = new ArrayDeque<>();
        private final Set<String> units = new HashSet<>();
        private final Map<String, Integer> byTenant = new HashMap<>();
        private final Map<String, Integer> nameless = new HashMap<>();

        void forget(Instant before) {
            while (!heard.isEmpty() && (heard.size() > MOST || !heard.getFirst().at().isAfter(before))) {
                Heard oldest = heard.removeFirst();
                byTenant.merge(oldest.tenant(), -1, Witnesses::sum);
                if (oldest.unit() == null) {
                    nameless.merge(oldest.tenant(), -1, Witnesses::sum);
                } else {
                    units.remove(oldest.unit());
                }
            }
        }

        void add(Heard one) {
            heard.addLast(one);
            byTenant.merge(one.tenant(), 1, Witnesses::sum);
            if (one.unit() == null) {
                nameless.merge(one.tenant(), 1, Witnesses::sum);
            } else {
                units.add(one.unit());
            }
        }
    }

    private final Map<Side, Hearing> hearings = new HashMap<>();

    /**
     * Whether a rating counts.
     *
     * @param unit whose conversation it is of; null where nobody said
     * @param alone whether no other tenant uses the route
     */
    boolean hear(SwapKey key, String arm, Instant at, String tenant, @Nullable String unit, boolean alone) {
        Hearing hearing = requireNonNull(hearings.computeIfAbsent(new Side(key, arm), side -> new Hearing()));
        hearing.forget(at.minus(WINDOW));
        int own = hearing.byTenant.getOrDefault(tenant, 0);
        int others = hearing.heard.size() - own;
        boolean counts = (unit == null
                ? hearing.nameless.getOrDefault(tenant, 0) < FREE
                : !hearing.units.contains(unit))
                && (alone || own < others + FREE);
        if (counts) {
            hearing.add(new Heard(at, tenant, unit));
        }
        return counts;
    }

    private static @Nullable Integer sum(int one, int other) {
        return one + other == 0 ? null : (Integer) (one + other);
    }
}
