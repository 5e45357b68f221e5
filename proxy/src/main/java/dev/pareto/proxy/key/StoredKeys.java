package dev.pareto.proxy.key;

import dev.pareto.dashboards.store.KeyRepository;
import dev.pareto.dashboards.store.StoredKey;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of the store, in memory. The command line writes to the same store; looking every second makes a new key known and a
 * revoked one unknown without a restart. While the store cannot be read the keys known last stay in force. Thread-safe.
 */
public final class StoredKeys implements KeyRing, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoredKeys.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration NOTE = Duration.ofMinutes(1);

    private final KeyRepository keys;
    private final InstantSource clock;
    private final ScheduledExecutorService executor;
    private final Map<String, Instant> used = new ConcurrentHashMap<>();
    private volatile Known known;

    /** @param any whether there is a key at all, be it revoked */
    private record Known(boolean any, Map<String, Held> byHash) {}

    private record Held(String id, Entry entry) {}

    /** @param executor of one thread, which the store may block; closed with this */
    public StoredKeys(KeyRepository keys, InstantSource clock, ScheduledExecutorService executor) {
        this.keys = keys;
        this.clock = clock;
        this.executor = executor;
        this.known = read();
        schedule(this::look, LOOK);
        schedule(this::note, NOTE);
    }

    @Override
    public @Nullable Entry find(String sha256) {
        Held held = known.byHash().get(sha256);
        if (held == null) {
            return null;
        }
        used.put(held.id(), clock.instant());
        return held.entry();
    }

    /** Whether a key was ever made: a gateway that had keys does not stand open because the last one was revoked. */
    public boolean any() {
        return known.any();
    }

    void look() {
        known = read();
    }

    /** Writes down which keys were used since the last time. */
    void note() {
        Map<String, Instant> since = new HashMap<>();
        used.keySet().forEach(id -> {
            Instant at = used.remove(id);
            if (at != null) {
                since.put(id, at);
            }
        });
        if (!since.isEmpty()) {
            keys.used(since);
        }
    }

    private Known read() {
        List<StoredKey> all = keys.list();
        Map<String, Held> byHash = new HashMap<>();
        for (StoredKey key : all) {
            if (key.revokedAt() == null) {
                byHash.put(key.sha256(),
                        new Held(key.id(), new Entry(key.name(), key.sha256(), key.tenant(), key.tags(),
                                key.may())));
            }
        }
        return new Known(!all.isEmpty(), Map.copyOf(byHash));
    }

    private void schedule(Runnable work, Duration period) {
        var _ = executor.scheduleWithFixedDelay(() -> {
            try {
                work.run();
            } catch (RuntimeException failure) {
                LOG.error("the store of keys did not answer; what was known last stays in force", failure);
            }
        }, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        executor.shutdownNow();
        note();
    }
}
