package dev.pareto.proxy;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.pareto.proxy.meter.EngineMeters;
import dev.pareto.proxy.upstream.LocalModels;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every second whether model files came or went, so that what was just pulled can be called without a restart, and
 * whether models in memory can go.
 */
final class ModelWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final LocalModels models;
    private final LiveConfig config;
    private final EngineMeters meters;
    private final ScheduledExecutorService executor;
    private boolean failed;

    /** @param executor of one thread; closed with this */
    ModelWatch(LocalModels models, LiveConfig config, EngineMeters meters, ScheduledExecutorService executor) {
        this.models = models;
        this.meters = meters;
        this.config = config;
        this.executor = executor;
        var _ = executor.scheduleWithFixedDelay(this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            models.sweep();
            meters.tell(models.residences());
            if (models.changed()) {
                config.refresh();
            }
            failed = false;
        } catch (RuntimeException failure) {
            if (!failed) {
                LOG.error("the models cannot be looked at; those known stay, and it is tried again", failure);
            }
            failed = true;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
