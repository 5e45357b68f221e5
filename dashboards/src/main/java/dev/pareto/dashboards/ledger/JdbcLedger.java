package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.chain.DropRecord;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Store;
import dev.pareto.dashboards.store.StoreException;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.UsageSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger in a store. Each gateway writes as a replica of its own, one process at a time; opening it expires the rows that an
 * earlier process left open under that name, for nobody can close those any more.
 */
public final class JdbcLedger implements Ledger {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcLedger.class);
    private static final int BATCH = 500;
    /** With their lines some milliseconds, which calls that are written beside it wait longer. */
    private static final int TRIMMED_ROWS = 50;
    private static final long ALL = Long.MAX_VALUE;
    private static final Duration UPKEEP = Duration.ofHours(1);
    /** A server answers some twenty statements for a commit, whether it carries one settlement or ten. */
    private static final Duration GATHERING = Duration.ofMillis(20);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final LedgerSettings settings;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Store store;
    private final Store.Claim claim;
    /** Writes in the order asked for. */
    private final GroupCommit commit;
    /** Writes openings, for which calls wait, beside the settlements, for which nobody does; the same where a store has one writer. */
    private final GroupCommit openings;
    private final Thread thread;
    private final Thread openingsThread;
    private final ExecutorService answers;
    private final ScheduledExecutorService watch;
    /** What is being opened beside the settlements: a caller may leave, and have the attempt settled, before it is written. */
    private final Map<UUID, CompletableFuture<Boolean>> opening = new ConcurrentHashMap<>();
    private final AtomicLong lateSettlements = new AtomicLong();
    private final int orphans;
    private final @Nullable MonthTrimmer trimmer;

    /**
     * @throws StoreException when another process writes this file
     */
    public JdbcLedger(Store store, LedgerSettings settings, InstantSource clock, LongSupplier nanoTime) {
        this(store, null, settings, clock, nanoTime);
    }

    /** @param connections of the writer, for tests that break them; null for those that hold the claim */
    JdbcLedger(Store store, LedgerSession.@Nullable Connections connections, LedgerSettings settings,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.claim = store.claim();
        this.answers = Executors.newVirtualThreadPerTaskExecutor();
        Store.Claim beside = claim.beside();
        LedgerSession.Connections ordered = connections == null ? claim::connect : connections;
        this.commit = writer(() -> LedgerSession.on(ordered.open(), claim.replica(), clock, false),
                beside == null ? Duration.ZERO : GATHERING);
        this.openings = beside == null
                ? commit
                : writer(() -> LedgerSession.on(beside.connect(), claim.replica(), clock, true), Duration.ZERO);
        this.thread = Thread.ofPlatform().name("pareto-ledger").daemon().start(commit);
        this.openingsThread = openings == commit
                ? thread
                : Thread.ofPlatform().name("pareto-openings").daemon().start(openings);
        this.watch = Executors
                .newSingleThreadScheduledExecutor(Thread.ofVirtual().name("pareto-ledger-watch").factory());
        long tick = Math.max(1, settings.patience().toMillis() / GroupCommit.LOOKS);
        for (GroupCommit writer : writers()) {
            var _ = watch.scheduleWithFixedDelay(writer::refuseOverdue, tick, tick, TimeUnit.MILLISECONDS);
        }
        prepare(store);
        var _ = watch.scheduleWithFixedDelay(() -> prepare(store), UPKEEP.toSeconds(), UPKEEP.toSeconds(),
                TimeUnit.SECONDS);
        this.orphans = repeat(session -> session.attempts()
                .expire(clock.instant(), ALL, true, BATCH, "gateway_stopped"));
        if (orphans > 0) {
            LOG.warn("{} attempts were open when the gateway last stopped; they are billed at their reservation",
                    orphans);
        }
        int sealed = repeat(session -> session.attempts().seal(BATCH));
        if (sealed > 0) {
            LOG.info("{} attempts of before the chain of hashes were added to it", sealed);
        }
        Integer months = store.trimsTo();
        this.trimmer = months == null ? null : new MonthTrimmer(months, clock, this::trim);
    }

    private void prepare(Store store) {
        try {
            store.prepare(clock.instant());
        } catch (StoreException failure) {
            LOG.warn("The ledger's store could not be prepared for the coming weeks; tried again in {}: {}", UPKEEP,
                    failure.getMessage());
        }
    }

    /** One step of letting go of old rows, where the writer has time for it: it makes way when many calls wait. */
    CompletableFuture<Integer> trim(YearMonth first) {
        return trim(session -> session.trim().take(TRIMMED_ROWS))
                .thenComposeAsync(taken -> taken > 0 ? CompletableFuture.completedFuture(taken) : next(first),
                        task -> Thread.ofPlatform().name("pareto-ledger-trim").start(task));
    }

    /** Reads what the chains have of the next month beside the writer, because that may be a million entries. */
    private CompletableFuture<Integer> next(YearMonth first) {
        try (Connection reads = store.connect()) {
            DropRecord record = MonthTrim.due(reads, first);
            return record == null ? CompletableFuture.completedFuture(0) : trim(session -> {
                session.trim().begin(record, first, clock.instant());
                return session.trim().take(TRIMMED_ROWS);
            });
        } catch (SQLException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private CompletableFuture<Integer> trim(Operation.Work<Integer> work) {
        return submit(commit, work, 0, false, () -> {}, settings.batch());
    }

    /** How many rows an earlier process had left open. */
    public int orphans() {
        return orphans;
    }

    @Override
    public CompletableFuture<Void> open(OpenAttempt attempt) {
        boolean beside = goesBeside(attempt);
        CompletableFuture<Boolean> opened = submit(beside ? openings : commit, session -> {
            session.attempts().open(attempt);
            return Boolean.TRUE;
        }, false, () -> withdraw(attempt), settings.openLimit());
        if (beside && !opened.isDone()) {
            opening.put(attempt.attemptId(), opened);
            var _ = opened.whenComplete((_, _) -> opening.remove(attempt.attemptId()));
        }
        return opened.thenApply(JdbcLedger::nothing);
    }

    /**
     * A later attempt may change the decision that the settlement of the first one changes, too, and is written in turn. So is each
     * where settlements pile up: calls must not begin faster than they can be settled, nor at all while settlements fail.
     */
    private boolean goesBeside(OpenAttempt attempt) {
        return openings != commit && attempt.attemptNo() == 1 && commit.queued() < settings.batch()
                && !commit.degraded();
    }

    /**
     * Completes when what was being opened is written, or never will be.
     *
     * @param kept whether it waits for a store that fails
     */
    private CompletableFuture<Boolean> opened(boolean kept) {
        return openings == commit
                ? CompletableFuture.completedFuture(Boolean.TRUE)
                : submit(openings, session -> Boolean.TRUE, kept, () -> {}, settings.queue());
    }

    @Override
    public CompletableFuture<Void> settle(Settlement settlement) {
        CompletableFuture<Boolean> opened = opening.get(settlement.attemptId());
        return opened == null ? closeRow(settlement) : opened.handle((_, _) -> settlement).thenCompose(this::closeRow);
    }

    private CompletableFuture<Void> closeRow(Settlement settlement) {
        return submit(commit, session -> {
            boolean closed = session.attempts().settle(settlement);
            if (!closed) {
                lateSettlements.incrementAndGet();
            }
            return closed;
        }, true, () -> {}, settings.queue()).thenApply(JdbcLedger::nothing);
    }

    @Override
    public CompletableFuture<Boolean> book(Adjustment adjustment) {
        return submit(commit, session -> session.adjustments().book(adjustment), true, () -> {}, settings.queue());
    }

    @Override
    public CompletableFuture<Boolean> bookTogether(List<Adjustment> adjustments) {
        List<Adjustment> all = List.copyOf(adjustments);
        return submit(commit, session -> session.adjustments().bookTogether(all), true, () -> {}, settings.queue());
    }

    @Override
    public CompletableFuture<FrozenMonth> freeze(YearMonth month, String by) {
        var none = new FrozenMonth(month, Instant.EPOCH, by, List.of());
        return opened(false).thenCompose(_ -> submit(commit, session -> session.months().freeze(month, by), none, false,
                () -> {}, settings.queue()));
    }

    @Override
    public int expireOpen(Instant now) {
        return repeat(session -> session.attempts().expire(now, Micros.of(now), false, BATCH, "deadline_passed"));
    }

    @Override
    public String replica() {
        return claim.replica();
    }

    @Override
    public LedgerStats stats() {
        return new LedgerStats((int) sum(GroupCommit::queued), sum(GroupCommit::written), sum(GroupCommit::commits),
                sum(GroupCommit::refused), lateSettlements.get(), commit.degraded() || openings.degraded());
    }

    @Override
    public void close() {
        if (trimmer != null) {
            trimmer.close();
        }
        stop(openings, openingsThread);
        stop(commit, thread);
        watch.shutdownNow();
        answers.shutdown();
        claim.close();
    }

    private static void stop(GroupCommit writer, Thread thread) {
        writer.stopWhenDrained();
        try {
            thread.join(STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<Boolean> submit(GroupCommit writer, Operation.Work<Boolean> work, boolean kept,
            Runnable unwanted, int limit) {
        return submit(writer, work, Boolean.FALSE, kept, unwanted, limit);
    }

    private <T> CompletableFuture<T> submit(GroupCommit writer, Operation.Work<T> work, T untold, boolean kept,
            Runnable unwanted, int limit) {
        var operation = new Operation<>(work, untold, kept, unwanted, nanoTime.getAsLong());
        writer.submit(operation, limit);
        return operation.future();
    }

    private List<GroupCommit> writers() {
        return openings == commit ? List.of(commit) : List.of(openings, commit);
    }

    private long sum(ToLongFunction<GroupCommit> count) {
        return writers().stream().mapToLong(count).sum();
    }

    @SuppressWarnings("NullAway") // the only value of Void
    private static Void nothing(Boolean ignored) {
        return null;
    }

    /** The row was, or may have been, written after its caller had been told that it was not, so no call was made for it. */
    private void withdraw(OpenAttempt attempt) {
        String currency = attempt.reserved() == null ? "USD" : attempt.reserved().currency();
        Instant now = clock.instant();
        var withdrawn = new Settlement(attempt.attemptId(), AttemptState.ABORTED, null, now, null, null, null, null,
                UsageSource.NONE, null, Cost.nothing(currency), null, "ledger_unavailable");
        // a session that broke as it committed may do so still: one that works again has ended it
        var _ = opened(true).thenCompose(_ -> settle(withdrawn))
                .whenComplete((done, failure) -> {
                    if (failure instanceof LedgerUnavailable) {
                        LOG.warn("Attempt {} was never sent but could not be withdrawn; it will expire: {}",
                                attempt.attemptId(), failure.getMessage());
                    }
                });
    }

    /** Does it again until less than a batch is left. Blocks. */
    private int repeat(Operation.Work<Integer> work) {
        int total = 0;
        while (true) {
            int done = join(submit(commit, work, 0, false, () -> {}, settings.queue()));
            total += done;
            if (done < BATCH) {
                return total;
            }
        }
    }

    private static int join(CompletableFuture<Integer> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            throw cause instanceof RuntimeException runtime ? runtime : e;
        }
    }

    private GroupCommit writer(LedgerSession.Sessions sessions, Duration gathering) {
        try {
            return new GroupCommit(sessions, settings, gathering, nanoTime, answers);
        } catch (SQLException e) {
            claim.close();
            throw new LedgerUnavailable("cannot open the ledger " + store.place() + ": " + e.getMessage(), e);
        }
    }
}
