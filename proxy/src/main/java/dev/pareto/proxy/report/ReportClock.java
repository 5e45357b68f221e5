package dev.pareto.proxy.report;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every half minute whether a report is due. */
public final class ReportClock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReportClock.class);
    private static final Duration PERIOD = Duration.ofSeconds(30);

    private final ReportSender sender;
    private final ScheduledExecutorService executor;

    /** @param executor of one thread; closed with this */
    public ReportClock(ReportSender sender, ScheduledExecutorService executor) {
        this.sender = sender;
        this.executor = executor;
        var _ = executor.scheduleWithFixedDelay(this::look, PERIOD.toSeconds(), PERIOD.toSeconds(), TimeUnit.SECONDS);
    }

    private void look() {
        try {
            sender.sendDue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            LOG.error("Reports that are due could not be looked for", failed);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
