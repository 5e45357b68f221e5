package dev.pareto.proxy.learn;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.pareto.dashboards.store.LabelRepository;
import dev.pareto.dashboards.store.LabelRepository.Remembered;
import dev.pareto.policies.predict.PromptText;
import dev.pareto.policies.predict.accuracy.EncodedPrompt;
import dev.pareto.policies.predict.live.Label;
import dev.pareto.policies.predict.live.LabelSource;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.route.PromptReader;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers features of prompts so that a label which comes days later finds what it is about, and keeps labels. One thread reads and
 * writes, in the order of arrival; what comes faster than it can is left out and counted. Of a prompt that waits to be read the text is in
 * memory; on disk are hashes. Thread-safe; offering never blocks and never throws.
 */
public final class LabelDesk implements Consumer<Label>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LabelDesk.class);
    private static final int MOST_WAITING = 1_024;
    private static final int BATCH = 64;

    /** How long features wait for a label, and how many of a route do. */
    static final Duration UNLABELLED_FOR = Duration.ofDays(8);
    static final int MOST_UNLABELLED = 20_000;
    /** How long labels are learned from, and how many of a route are. */
    static final Duration LABELLED_FOR = Duration.ofDays(180);
    static final int MOST_LABELLED = 20_000;

    private final LabelRepository store;
    private final InstantSource clock;
    private final ExecutorService reader;
    private final BlockingQueue<Entry> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final Counter left;
    private final Map<LabelSource, Counter> kept = new EnumMap<>(LabelSource.class);

    private sealed interface Entry {

        record Asked(String route, String item, Instant at, OpenAiRequest request, @Nullable String segment)
                implements
                    Entry {}

        record Known(String route, String item, Instant at, PromptText prompt) implements Entry {}

        record Said(Label label) implements Entry {}
    }

    /** @param reader of one thread; closed with this */
    public LabelDesk(LabelRepository store, InstantSource clock, ExecutorService reader, MeterRegistry registry) {
        this.store = store;
        this.clock = clock;
        this.reader = reader;
        this.left = Counter.builder("pareto.labels.left.out")
                .description("Prompts and labels that came faster than they could be kept")
                .register(registry);
        for (LabelSource source : LabelSource.values()) {
            kept.put(source, Counter.builder("pareto.labels")
                    .description("Labels that were new and whose prompt was remembered")
                    .tag("source", source.name())
                    .register(registry));
        }
    }

    /** A request that may be labelled later. */
    void asked(String route, String item, OpenAiRequest request, @Nullable String segment) {
        offer(new Entry.Asked(route, item, clock.instant(), request, segment));
    }

    /** A prompt that is no request. */
    void known(String route, String item, Instant at, PromptText prompt) {
        offer(new Entry.Known(route, item, at, prompt));
    }

    /** A label; it is kept if its prompt is remembered. */
    @Override
    public void accept(Label label) {
        offer(new Entry.Said(label));
    }

    private void offer(Entry entry) {
        if (!waiting.offer(entry)) {
            left.increment();
            return;
        }
        try {
            reader.execute(this::read);
        } catch (RejectedExecutionException closing) {
            waiting.remove(entry);
        }
    }

    private void read() {
        List<Entry> taken = new ArrayList<>(BATCH);
        while (waiting.drainTo(taken, BATCH) > 0) {
            try {
                keep(taken);
            } catch (RuntimeException failure) {
                LOG.error("{} prompts or labels could not be kept", taken.size(), failure);
            }
            taken.clear();
        }
    }

    private void keep(List<Entry> entries) {
        List<Remembered> prompts = new ArrayList<>();
        List<Label> labels = new ArrayList<>();
        for (Entry entry : entries) {
            switch (entry) {
                case Entry.Asked(String route, String item, Instant at, OpenAiRequest request, String segment) -> {
                    PromptText prompt = PromptReader.of(request, segment);
                    if (prompt != null) {
                        prompts.add(remembered(route, item, at, prompt));
                    }
                }
                case Entry.Known(String route, String item, Instant at, PromptText prompt) ->
                    prompts.add(remembered(route, item, at, prompt));
                case Entry.Said(Label label) -> labels.add(label);
            }
        }
        if (!prompts.isEmpty()) {
            store.remember(prompts);
        }
        for (Label label : labels) {
            if (store.label(List.of(label)) > 0) {
                Counter counter = kept.get(label.source());
                if (counter != null) {
                    counter.increment();
                }
            }
        }
    }

    private static Remembered remembered(String route, String item, Instant at, PromptText prompt) {
        return new Remembered(route, item, at, EncodedPrompt.of(prompt.text(), prompt.segment()));
    }

    /** Deletes what is too old or too much. Blocks. */
    void sweep() {
        Instant now = clock.instant();
        store.sweep(new LabelRepository.Bounds(now.minus(UNLABELLED_FOR), MOST_UNLABELLED, now.minus(LABELLED_FOR),
                MOST_LABELLED));
    }

    @Override
    public void close() {
        reader.shutdown();
        try {
            if (!reader.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("labels were still being kept when the gateway closed");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
