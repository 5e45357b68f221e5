package dev.pareto.dashboards.outlook;

import dev.pareto.dashboards.savings.Side;
import dev.pareto.dashboards.savings.UnitCost;
import dev.pareto.dashboards.store.Picos;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What units cost, in bounded room: where there are too many of them, units that chance puts together share a sum. No request is lost,
 * and groups of independent units are as independent. Not thread-safe.
 */
final class UnitSums {

    private final int most;
    private final Map<Key, Sum> sums = new LinkedHashMap<>();
    private long mask = -1;

    UnitSums(int most) {
        this.most = most;
    }

    private record Key(String route, Side side, long group) {}

    private static final class Sum {
        private long requests;
        private long picos;
    }

    /** A request of a unit. */
    void add(String route, Side side, long unit, long picos) {
        add(new Key(route, side, mixed(unit) & mask), 1, picos);
        // one bit less tells groups apart, until there are few enough; a route and a side have one group at least
        while (sums.size() > most && mask != 0) {
            mask >>>= 1;
            Map<Key, Sum> finer = new LinkedHashMap<>(sums);
            sums.clear();
            finer.forEach((key, sum) -> add(new Key(key.route(), key.side(), key.group() & mask), sum.requests,
                    sum.picos));
        }
    }

    private void add(Key key, long requests, long picos) {
        Sum sum = sums.computeIfAbsent(key, other -> new Sum());
        sum.requests += requests;
        sum.picos = Math.addExact(sum.picos, picos);
    }

    /** By route, in the order of their first requests. */
    Map<String, List<UnitCost>> units() {
        Map<String, List<UnitCost>> units = new LinkedHashMap<>();
        sums.forEach((key, sum) -> units.computeIfAbsent(key.route(), route -> new ArrayList<>())
                .add(new UnitCost(key.side(), sum.requests, Picos.toAmount(sum.picos).doubleValue(), 0, 0)));
        return units;
    }

    /** Stafford's thirteenth mix (as in SplittableRandom): one to one, and neighbours fall far apart. */
    private static long mixed(long unit) {
        long z = (unit ^ (unit >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
