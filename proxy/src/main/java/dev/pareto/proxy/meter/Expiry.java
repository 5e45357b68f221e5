package dev.pareto.proxy.meter;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.pareto.dashboards.ledger.Ledger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes the rows that nobody closed in time, those of a gateway that died among them: once at the start, then every minute. */
public final class Expiry implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final Ledger ledger;
    private final InstantSource clock;
    private final ScheduledExecutorService executor;

    /** @param executor of one thread, which the ledger may block; closed with this */
    public Expiry(Ledger ledger, InstantSource clock, ScheduledExecutorService executor) {
        this.ledger = ledger;
        this.clock = clock;
        this.executor = executor;
        var _ = executor.scheduleWithFixedDelay(this::run, 0, PERIOD.toSeconds(), TimeUnit.SECONDS);
    }

    private void run() {
        try {
            int expired = ledger.expireOpen(clock.instant());
            if (expired > 0) {
                LOG.warn("{} attempts were never closed; they are billed at their reservations", expired);
            }
        } catch (RuntimeException failure) {
            LOG.error("open attempts could not be expired; tried again in {}", PERIOD, failure);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
