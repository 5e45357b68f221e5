package dev.pareto.proxy.access;

import dev.pareto.dashboards.access.AdminKey;
import dev.pareto.dashboards.access.AdminKeyRepository;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.proxy.key.Callers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port's keys and its browsers' sessions, in memory. The store is looked at every second, so that a key made or revoked by the
 * command line or another gateway holds without a restart; a session ends with its key. While the store cannot be read the keys known
 * last stay in force. Thread-safe.
 */
public final class AdminKeys implements AutoCloseable {

    /** How long a browser stays signed in. */
    public static final Duration SESSION = Duration.ofHours(12);

    private static final Logger LOG = LoggerFactory.getLogger(AdminKeys.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration NOTE = Duration.ofMinutes(1);
    private static final int MOST_SESSIONS = 1_000;
    private static final int RANDOM_BYTES = 32;

    private final AdminKeyRepository repository;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final ScheduledExecutorService executor;
    private final Secret own;
    private final Map<String, Instant> used = new ConcurrentHashMap<>();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private volatile Known known;

    private record Known(boolean any, Map<String, AdminKey> byHash, Map<String, AdminKey> byId) {}

    private record Session(String key, Instant until) {}

    /**
     * @param random one that nobody can foresee
     * @param executor of one thread, which the store may block; closed with this
     */
    public AdminKeys(AdminKeyRepository repository, InstantSource clock, RandomGenerator random,
            ScheduledExecutorService executor) {
        this.repository = repository;
        this.clock = clock;
        this.random = random;
        this.executor = executor;
        this.own = new Secret(random());
        this.known = read();
        schedule(this::look, LOOK);
        schedule(this::note, NOTE);
    }

    /** Whether a key was ever made: a port that had keys does not stand open because the last one was revoked or expired. */
    public boolean any() {
        return known.any();
    }

    /** By which this gateway asks itself, e.g. for a report that it sends; good until it stops, and for seeing alone. */
    public Secret own() {
        return own;
    }

    /** @return whose key it is; null when it is not known, was revoked or has expired */
    public @Nullable Person bearer(String token) {
        String hash = Callers.sha256(token);
        if (Callers.same(hash, Callers.sha256(own.reveal()))) {
            return new Person("", "pareto", Role.VIEWER);
        }
        AdminKey key = known.byHash().get(hash);
        return key == null || !Callers.same(hash, key.sha256()) ? null : person(key);
    }

    /** Signs a browser in; the answer is what it shows from then on. */
    public String open(Person person) {
        Instant now = clock.instant();
        sessions.values().removeIf(session -> !now.isBefore(session.until()));
        if (sessions.size() >= MOST_SESSIONS) {
            sessions.entrySet()
                    .stream()
                    .min(Map.Entry.comparingByValue((a, b) -> a.until().compareTo(b.until())))
                    .ifPresent(oldest -> sessions.remove(oldest.getKey()));
        }
        String session = random();
        sessions.put(Callers.sha256(session), new Session(person.key(), now.plus(SESSION)));
        return session;
    }

    /** @return whose browser it is; null when it was signed out, its time is over or its key is no longer good */
    public @Nullable Person session(String shown) {
        Session session = sessions.get(Callers.sha256(shown));
        AdminKey key = session == null || !clock.instant().isBefore(session.until())
                ? null
                : known.byId().get(session.key());
        return key == null ? null : person(key);
    }

    public void end(String session) {
        sessions.remove(Callers.sha256(session));
    }

    private @Nullable Person person(AdminKey key) {
        Instant now = clock.instant();
        if (!key.good(now)) {
            return null;
        }
        used.put(key.id(), now);
        return new Person(key.id(), key.name(), Role.parse(key.role()));
    }

    /** All keys as they are stored now. Blocks. */
    public List<AdminKey> list() {
        return repository.list();
    }

    /**
     * Makes a key; it is known at once here, and within two seconds elsewhere. Blocks.
     *
     * @throws IllegalArgumentException when it would be the first and cannot make others
     */
    public AdminToken create(String name, Role role, String by, @Nullable Duration life) {
        if (!any() && role != Role.ADMIN) {
            throw new IllegalArgumentException(
                    "the first key must be an admin's: from then on the port asks everybody for a key, and only an admin"
                            + " makes more of them");
        }
        AdminToken made = AdminToken.create(name, role, by, clock.instant(), life, random);
        repository.add(made.stored());
        look();
        return made;
    }

    /**
     * Ends a key for good. Blocks.
     *
     * @throws IllegalArgumentException when there is no such key, or it is the last admin's
     */
    public AdminKey revoke(String id) {
        Instant now = clock.instant();
        List<AdminKey> good = repository.list().stream().filter(key -> key.good(now)).toList();
        AdminKey key = good.stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no key '" + id + "' that is still good"));
        String admin = Role.ADMIN.text();
        if (key.role().equals(admin) && good.stream().filter(one -> one.role().equals(admin)).count() == 1) {
            throw new IllegalArgumentException("this is the last admin's key; make another one first");
        }
        repository.revoke(id, now);
        look();
        return key;
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
            repository.used(since);
        }
    }

    private Known read() {
        List<AdminKey> all = repository.list();
        Map<String, AdminKey> byHash = new HashMap<>();
        Map<String, AdminKey> byId = new HashMap<>();
        all.stream().filter(key -> key.revokedAt() == null).forEach(key -> {
            byHash.put(key.sha256(), key);
            byId.put(key.id(), key);
        });
        return new Known(!all.isEmpty(), Map.copyOf(byHash), Map.copyOf(byId));
    }

    private String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private void schedule(Runnable work, Duration period) {
        var _ = executor.scheduleWithFixedDelay(() -> {
            try {
                work.run();
            } catch (RuntimeException failure) {
                LOG.error("the store of admin keys did not answer; what was known last stays in force", failure);
            }
        }, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        executor.shutdownNow();
        note();
    }
}
