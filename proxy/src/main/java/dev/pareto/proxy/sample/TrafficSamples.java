package dev.pareto.proxy.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.pareto.evals.suite.sample.SampleKey;
import dev.pareto.evals.suite.sample.SampleStore;
import dev.pareto.evals.suite.sample.Sampler;
import dev.pareto.policies.policy.GatewaySettings;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.meter.MeteredRequest;
import dev.pareto.proxy.route.Planned;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The samples of this gateway: takes chat requests of the share that a route states, and deletes what has expired, also when nothing is
 * sampled any more. Follows the configuration in force. Thread-safe.
 */
public final class TrafficSamples implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TrafficSamples.class);

    private final Supplier<ParetoConfig> config;
    private final Path folder;
    private final InstantSource clock;
    private final ThreadFactory threads;
    private final SecureRandom random;
    private final ScheduledExecutorService sweeper;
    private volatile @Nullable Current current;
    private double kept;
    private double dropped;

    private record Current(GatewaySettings.Samples settings, Sampler sampler) {}

    /**
     * @param folder of the samples, below the data folder
     * @param threads makes the one thread that writes
     * @param sweeper deletes what has expired, every hour
     */
    public TrafficSamples(Supplier<ParetoConfig> config, Path folder, InstantSource clock, ThreadFactory threads,
            SecureRandom random, ScheduledExecutorService sweeper, MeterRegistry registry) {
        this.config = Objects.requireNonNull(config, "config is null");
        this.folder = Objects.requireNonNull(folder, "folder is null");
        this.clock = Objects.requireNonNull(clock, "clock is null");
        this.threads = Objects.requireNonNull(threads, "threads is null");
        this.random = Objects.requireNonNull(random, "random is null");
        this.sweeper = Objects.requireNonNull(sweeper, "sweeper is null");
        count(registry, "kept", true);
        count(registry, "dropped", false);
        var _ = sweeper.scheduleWithFixedDelay(this::sweep, 0, 1, TimeUnit.HOURS);
    }

    private void count(MeterRegistry registry, String outcome, boolean wanted) {
        FunctionCounter.builder("pareto.samples", this, samples -> samples.total(wanted))
                .description("Prompts sampled for suites")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** Where a gateway with that data folder keeps its samples. */
    public static Path folder(String dataDir) {
        return Path.of(dataDir, "samples");
    }

    /** Takes the request where its route samples it. Never blocks, never throws. */
    void offer(Planned planned, OpenAiRequest request) {
        GatewaySettings.Samples settings = config.get().gateway().samples();
        MeteredRequest metered = planned.plan().metered();
        if (settings == null || request.endpoint() != Endpoint.CHAT
                || !Sampler.chosen(metered.requestId(), planned.route().sample())) {
            return;
        }
        sampler(settings).offer(metered.requestId(), clock.instant(), planned.route().name(), request.body(),
                new TreeMap<>(metered.tags()));
    }

    private Sampler sampler(GatewaySettings.Samples settings) {
        Current now = current;
        return now != null && now.settings().equals(settings) ? now.sampler() : renewed(settings);
    }

    private synchronized Sampler renewed(GatewaySettings.Samples settings) {
        Current now = current;
        if (now != null && now.settings().equals(settings)) {
            return now.sampler();
        }
        stop(now);
        Sampler sampler = new Sampler(
                new SampleStore(folder, SampleKey.of(settings.key()), settings.keep(), clock, random), threads);
        current = new Current(settings, sampler);
        return sampler;
    }

    private synchronized double total(boolean wanted) {
        Current now = current;
        return wanted
                ? kept + (now == null ? 0 : now.sampler().kept())
                : dropped + (now == null ? 0 : now.sampler().dropped());
    }

    private synchronized void stop(@Nullable Current old) {
        if (old == null) {
            return;
        }
        kept += old.sampler().kept();
        dropped += old.sampler().dropped();
        try {
            old.sampler().close();
        } catch (IOException e) {
            LOG.warn("the samples' file could not be closed: {}", e.getMessage());
        }
    }

    private void sweep() {
        try {
            int gone = SampleStore.purge(folder, clock.instant());
            if (gone > 0) {
                LOG.info("{} files of samples have expired and are deleted", gone);
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("expired samples could not be deleted from {}", folder, e);
        }
    }

    @Override
    public synchronized void close() {
        sweeper.shutdownNow();
        stop(current);
        current = null;
    }
}
