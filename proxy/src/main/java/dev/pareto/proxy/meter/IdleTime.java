package dev.pareto.proxy.meter;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.pareto.dashboards.ledger.Adjustment;
import dev.pareto.dashboards.ledger.Ledger;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.hosting.MachineBill;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Books what own machines cost while no request used them, as a line of the platform's own: every ten minutes, and when the gateway
 * stops.
 */
public final class IdleTime implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IdleTime.class);
    private static final Duration PERIOD = Duration.ofMinutes(10);

    private final Ledger ledger;
    private final Machines machines;
    private final Supplier<UUID> ids;
    private final InstantSource clock;
    private final ScheduledExecutorService executor;
    private final Map<String, BigDecimal> booked = new HashMap<>();

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

    /** Books what has become idle since it was last asked. */
    synchronized void book() {
        machines.idle().forEach((vendor, idle) -> {
            BigDecimal seconds = idle.seconds().subtract(booked.getOrDefault(vendor, BigDecimal.ZERO));
            if (seconds.signum() <= 0) {
                return;
            }
            booked.put(vendor, idle.seconds());
            Money cost = MachineBill.of(idle.ratePerHour(), seconds);
            LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
            var _ = ledger.book(new Adjustment(ids.get(), Adjustment.Kind.IDLE, today, null, null, null, "", "", "",
                    vendor, Buckets.GPU_SECOND, seconds, null, cost, "time of own machines that no request used",
                    "gateway"))
                    .whenComplete((done, failure) -> {
                        if (failure != null) {
                            LOG.error("{} of idle time at {} could not be booked", cost.plain(), vendor, failure);
                        }
                    });
        });
    }

    @Override
    public void close() {
        executor.shutdownNow();
        book();
    }
}
