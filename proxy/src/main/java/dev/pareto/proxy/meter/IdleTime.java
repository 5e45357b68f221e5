package dev.pareto.proxy.meter;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.pareto.dashboards.ledger.Adjustment;
import dev.pareto.dashboards.ledger.Ledger;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.hosting.MachineBill;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Books what own machines cost while no request used them, as a line of the platform's own: every ten minutes, and when the gateway
 * stops. A line that could not be written is written later, under its own id, so that none is lost and none counts twice. Thread-safe.
 */
public final class IdleTime implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IdleTime.class);
    private static final Duration PERIOD = Duration.ofMinutes(10);

    private final Ledger ledger;
    private final Machines machines;
    private final Supplier<UUID> ids;
    private final InstantSource clock;
    private final ScheduledExecutorService executor;
    /** By vendor, the idle seconds that have their line. */
    private final Map<String, BigDecimal> lined = new HashMap<>();
    /** By vendor, the line of which the ledger has not said yet that it is written. */
    private final Map<String, Adjustment> unwritten = new HashMap<>();

    /** @param executor of one thread; closed with this */
    public IdleTime(Ledger ledger, Machines machines, Supplier<UUID> ids, InstantSource clock,
            ScheduledExecutorService executor) {
        this.ledger = ledger;
        this.machines = machines;
        this.ids = ids;
        this.clock = clock;
        this.executor = executor;
        var _ = executor.scheduleWithFixedDelay(this::book, PERIOD.toSeconds(), PERIOD.toSeconds(), TimeUnit.SECONDS);
    }

    /** Books what has become idle since it was last asked; of a vendor whose last line is not written yet, that line again. */
    synchronized void book() {
        List.copyOf(unwritten.values()).forEach(this::write);
        machines.idle().forEach((vendor, idle) -> {
            if (!unwritten.containsKey(vendor)) {
                line(vendor, idle);
            }
        });
    }

    private void line(String vendor, Machines.Idle idle) {
        BigDecimal seconds = idle.seconds().subtract(lined.getOrDefault(vendor, BigDecimal.ZERO));
        if (seconds.signum() <= 0) {
            return;
        }
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var line = new Adjustment(ids.get(), Adjustment.Kind.IDLE, today, null, null, null, "", "", "", vendor,
                Buckets.GPU_SECOND, seconds, null, MachineBill.of(idle.ratePerHour(), seconds),
                "time of own machines that no request used", "gateway");
        lined.put(vendor, idle.seconds());
        unwritten.put(vendor, line);
        write(line);
    }

    private void write(Adjustment line) {
        var _ = ledger.book(line).whenComplete((done, failure) -> {
            if (failure == null) {
                written(line);
            } else {
                LOG.error("{} of idle time at {} could not be booked; it will be tried again", line.amount().plain(),
                        line.vendor(), failure);
            }
        });
    }

    private synchronized void written(Adjustment line) {
        unwritten.remove(line.vendor(), line);
    }

    @Override
    public void close() {
        executor.shutdownNow();
        last();
    }

    /** Nothing is asked later, so that what became idle after an unwritten line has its own at once. */
    private synchronized void last() {
        List.copyOf(unwritten.values()).forEach(this::write);
        machines.idle().forEach(this::line);
    }
}
