package dev.pareto.proxy.experiment;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pareto.dashboards.store.ExperimentRepository;
import dev.pareto.dashboards.store.ExperimentRepository.Formed;
import dev.pareto.dashboards.store.ExperimentRepository.Posted;
import dev.pareto.dashboards.store.StoreException;
import dev.pareto.policies.experiment.Metric;
import dev.pareto.policies.experiment.OutcomeSink;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what becomes known of requests in experiments, as many at once as have come meanwhile. Thread-safe. */
public final class OutcomeLog implements OutcomeSink, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeLog.class);
    private static final int MOST_WAITING = 100_000;

    private final ExperimentRepository store;
    private final InstantSource clock;
    private final ExecutorService writer;
    private final Queue<Entry> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();

    private sealed interface Entry {

        record Form(Formed formed) implements Entry {}

        record Post(Posted posted, CompletableFuture<@Nullable Void> written) implements Entry {}
    }

    /** @param writer of one thread, which the store may block; closed with this */
    public OutcomeLog(ExperimentRepository store, InstantSource clock, ExecutorService writer) {
        this.store = store;
        this.clock = clock;
        this.writer = writer;
    }

    @Override
    public CompletableFuture<@Nullable Void> outcome(String requestId, String metric, double value) {
        if (!Metric.postable(metric) || !Metric.valued(value)) {
            throw new IllegalArgumentException(Metric.valued(value)
                    ? "'" + metric
                            + "' cannot be posted: a metric has 1 to 40 lower-case letters, digits or dashes, and those "
                            + "that the gateway measures itself are taken"
                    : "the value of '" + metric + "' must be a number from -10^9 to 10^9");
        }
        var written = new CompletableFuture<@Nullable Void>();
        if (!take(new Entry.Post(new Posted(requestId, metric, value, clock.instant()), written))) {
            written.completeExceptionally(new StoreException("outcomes come faster than they can be written"));
        }
        return written;
    }

    /** Whether the answer had the form that was asked for. */
    void formed(String requestId, boolean malformed) {
        take(new Entry.Form(new Formed(requestId, malformed)));
    }

    private boolean take(Entry entry) {
        if (size.incrementAndGet() > MOST_WAITING) {
            size.decrementAndGet();
            return false;
        }
        waiting.add(entry);
        try {
            writer.execute(this::write);
            return true;
        } catch (RejectedExecutionException closing) {
            return false;
        }
    }

    private void write() {
        List<Formed> formed = new ArrayList<>();
        List<Posted> posted = new ArrayList<>();
        List<CompletableFuture<@Nullable Void>> told = new ArrayList<>();
        for (Entry entry = waiting.poll(); entry != null; entry = waiting.poll()) {
            size.decrementAndGet();
            switch (entry) {
                case Entry.Form(Formed one) -> formed.add(one);
                case Entry.Post(Posted one, CompletableFuture<@Nullable Void> written) -> {
                    posted.add(one);
                    told.add(written);
                }
            }
        }
        if (formed.isEmpty() && posted.isEmpty()) {
            return;
        }
        try {
            store.learn(formed, posted);
            told.forEach(one -> one.complete(null));
        } catch (RuntimeException failure) {
            LOG.error("{} outcomes could not be written and are lost", formed.size() + posted.size(), failure);
            told.forEach(one -> one.completeExceptionally(failure));
        }
    }

    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("outcomes were still being written when the gateway closed");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
