package dev.pareto.proxy.swap;

import dev.pareto.dashboards.store.TracePoint;
import dev.pareto.dashboards.store.TraceRepository;
import dev.pareto.policies.decide.Replacement;
import dev.pareto.policies.detect.RateDetector;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.swap.SwapMachine;
import dev.pareto.policies.swap.guard.Guard;
import dev.pareto.policies.swap.guard.Monitor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers how the guards of each swap went: densely while a stage is young, ever more sparsely as it ages, and always when the state
 * changes, so that an alarm's last step is there. Reads the swaps from outside; nothing waits for it.
 */
public final class SwapTraces implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SwapTraces.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration LONGEST_GAP = Duration.ofMinutes(5);
    private static final Duration KEPT = Duration.ofDays(90);
    /** A stage of any age has about this many points for each factor e of its length. */
    private static final int DENSITY = 200;
    private static final int READ = 20_000;
    private static final int SHOWN = 400;

    private final SwapBook book;
    private final TraceRepository store;
    private final ScheduledExecutorService executor;
    private final Map<SwapKey, Swap> last = new HashMap<>();
    private final Map<SwapKey, Instant> lastAt = new HashMap<>();
    private Instant cleaned = Instant.EPOCH;

    /** @param executor of one thread, which the store may block; closed with this */
    public SwapTraces(SwapBook book, TraceRepository store, ScheduledExecutorService executor) {
        this.book = book;
        this.store = store;
        this.executor = executor;
        var _ = executor.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            look();
        } catch (RuntimeException failure) {
            LOG.error("the guards' traces could not be kept; tried again in {}", TICK, failure);
        }
    }

    /** Keeps a point of each swap that is due one. */
    synchronized void look() {
        Instant now = book.now();
        for (Swap swap : book.all()) {
            if (due(swap, now)) {
                last.put(swap.key(), swap);
                lastAt.put(swap.key(), now);
                store.add(point(swap, now));
            }
        }
        if (now.isAfter(cleaned.plus(Duration.ofHours(1)))) {
            cleaned = now;
            store.forgetBefore(now.minus(KEPT));
        }
    }

    private boolean due(Swap swap, Instant now) {
        Swap before = last.get(swap.key());
        Instant at = lastAt.get(swap.key());
        if (before == null || at == null) {
            return !swap.monitor().detectors().isEmpty() || swap.monitor().inputs().n() > 0;
        }
        if (before.state() != swap.state() || before.step() != swap.step()) {
            return true;
        }
        Duration age = Duration.between(swap.since(), now).dividedBy(DENSITY);
        Duration gap = age.compareTo(LONGEST_GAP) > 0 ? LONGEST_GAP : age;
        return !before.monitor().equals(swap.monitor()) && !now.isBefore(at.plus(gap));
    }

    private TracePoint point(Swap swap, Instant now) {
        Monitor monitor = swap.monitor();
        Map<String, Double> statistics = new HashMap<>();
        long seen = 0;
        for (Map.Entry<Guard, RateDetector> entry : monitor.detectors().entrySet()) {
            seen = Math.max(seen, entry.getValue().seen());
            put(statistics, entry.getKey(), entry.getValue().logStatistic());
        }
        if (monitor.pairs().pairs() > 0) {
            put(statistics, Guard.DRIFT, monitor.pairs().logStatistic());
        }
        Replacement replacement = book.replacement(swap.key());
        return new TracePoint(now, swap.key(), swap.state().name(), swap.shareAt(now), seen, statistics,
                monitor.pairs().pairs() == 0
                        ? null
                        : new TracePoint.Pairs(monitor.pairs().pairs(), monitor.pairs().mean()),
                replacement == null
                        ? Map.of()
                        : SwapMachine.distances(swap, replacement.plan(), replacement.facts()));
    }

    private static void put(Map<String, Double> statistics, Guard guard, double value) {
        if (Double.isFinite(value)) {
            statistics.put(guard.id(), value);
        }
    }

    /** The way of a swap's guards, oldest first; of points that lie too close the highest is shown. */
    public List<TracePoint> of(SwapKey key) {
        List<TracePoint> all = store.newest(key, READ);
        int each = Math.ceilDiv(Math.max(1, all.size()), SHOWN);
        List<TracePoint> shown = new ArrayList<>();
        for (int i = 0; i < all.size(); i += each) {
            shown.add(highest(all.subList(i, Math.min(all.size(), i + each))));
        }
        return shown;
    }

    private static TracePoint highest(List<TracePoint> some) {
        TracePoint newest = some.getLast();
        Map<String, Double> highest = new HashMap<>();
        Map<String, Double> farthest = new HashMap<>();
        for (TracePoint point : some) {
            point.logStatistics().forEach((guard, value) -> highest.merge(guard, value, Math::max));
            point.inputs().forEach((feature, value) -> farthest.merge(feature, value, Math::max));
        }
        return new TracePoint(newest.at(), newest.key(), newest.state(), newest.share(), newest.seen(), highest,
                newest.pairs(), farthest);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
