package dev.pareto.evals.suite.sample;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.time.Instant;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;

import tools.jackson.databind.node.ArrayNode;

/**
 * The hook's side: takes requests without ever waiting, one thread writes them away. When the queue is full or the disk fails, samples
 * are dropped and counted; a request is never slowed and never fails for it.
 */
public final class Sampler implements AutoCloseable {

    private static final int MAX_QUEUED = 256;

    private final SampleStore store;
    private final BlockingQueue<Offered> queue = new ArrayBlockingQueue<>(MAX_QUEUED);
    private final LongAdder kept = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final Thread writer;

    private record Offered(UUID request, Instant at, String route, byte[] body, SortedMap<String, String> tags) {}

    /** Starts the writer. */
    public Sampler(SampleStore store, ThreadFactory threads) {
        this.store = requireNonNull(store, "store is null");
        writer = requireNonNull(threads.newThread(this::write), "the factory made no thread");
        writer.start();
    }

    /** Whether a request belongs to that share: decided by its id, so that asking again answers the same. */
    public static boolean chosen(UUID request, double share) {
        long mixed = request.getLeastSignificantBits() * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
        return ((mixed ^ (mixed >>> 32)) >>> 11) * 0x1.0p-53 < share;
    }

    /** Takes a request's body, or leaves it when there is no room. Never blocks, never throws. */
    public void offer(UUID request, Instant at, String route, byte[] body, SortedMap<String, String> tags) {
        if (body.length > SampleStore.MAX_SAMPLE_BYTES || !queue.offer(new Offered(request, at, route, body, tags))) {
            dropped.increment();
        }
    }

    /** Samples written so far. */
    public long kept() {
        return kept.sum();
    }

    /** Samples lost so far, for want of room or of a conversation in them. */
    public long dropped() {
        return dropped.sum();
    }

    private void write() {
        try {
            while (true) {
                Offered offered = queue.take();
                ArrayNode messages = Sample.messages(offered.body());
                boolean written = messages != null && append(offered, messages);
                (written ? kept : dropped).increment();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean append(Offered offered, ArrayNode messages) {
        try {
            return store.append(
                    new Sample(offered.request().toString(), offered.at(), offered.route(), messages, offered.tags()));
        } catch (IOException | RuntimeException e) {
            // Counted as dropped: what cannot be sampled must not disturb what is served.
            return false;
        }
    }

    /** Stops the writer; what waits is lost. */
    @Override
    public void close() throws IOException {
        writer.interrupt();
        store.close();
    }
}
