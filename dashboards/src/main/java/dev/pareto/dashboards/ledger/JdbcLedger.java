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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
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

    private final LedgerSettings settings;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Store store;
    private final Store.Claim claim;
    private final GroupCommit commit;
    private final Thread thread;
    private final ExecutorService answers;
    private final ScheduledExecutorService watch;
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
        this.commit = writer(store, connections == null ? claim::connect : connections, claim, settings, clock,
                nanoTime, answers);
        this.thread = Thread.ofPlatform().name("pareto-ledger").daemon().start(commit);
        this.watch = Executors
                .newSingleThreadScheduledExecutor(Thread.ofVirtual().name("pareto-ledger-watch").factory());
        long tick = Math.max(1, settings.patience().toMillis() / GroupCommit.LOOKS);
        var _ = watch.scheduleWithFixedDelay(commit::refuseOverdue, tick, tick, TimeUnit.MILLISECONDS);
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
        var operation = new Operation<>(work, 0, false, () -> {}, nanoTime.getAsLong());
        commit.submit(operation, settings.batch());
        return operation.future();
    }

    /** How many rows an earlier process had left open. */
    public int orphans() {
        return orphans;
    }

    @Override
    public CompletableFuture<Void> open(OpenAttempt attempt) {
        return submit(session -> {
            session.attempts().open(attempt);
            return Boolean.TRUE;
        }, false, () -> withdraw(attempt), settings.openLimit()).thenApply(JdbcLedger::nothing);
    }

    @Override
    public CompletableFuture<Void> settle(Settlement settlement) {
        return submit(session -> {
            boolean closed = session.attempts().settle(settlement);
            if (!closed) {
                lateSettlements.incrementAndGet();
            }
            return closed;
        }, true, () -> {}, settings.queue()).thenApply(JdbcLedger::nothing);
    }

    @Override
    public CompletableFuture<Boolean> book(Adjustment adjustment) {
        return submit(session -> session.adjustments().book(adjustment), true, () -> {}, settings.queue());
    }

    @Override
    public CompletableFuture<Boolean> bookTogether(List<Adjustment> adjustments) {
        List<Adjustment> all = List.copyOf(adjustments);
        return submit(session -> session.adjustments().bookTogether(all), true, () -> {}, settings.queue());
    }

    @Override
    public CompletableFuture<FrozenMonth> freeze(YearMonth month, String by) {
        var none = new FrozenMonth(month, Instant.EPOCH, by, List.of());
        var operation = new Operation<>(session -> session.months().freeze(month, by), none, false, () -> {},
                nanoTime.getAsLong());
        commit.submit(operation, settings.queue());
        return operation.future();
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
        return new LedgerStats(commit.queued(), commit.written(), commit.commits(), commit.refused(),
                lateSettlements.get(), commit.degraded());
    }

    @Override
    public void close() {
        if (trimmer != null) {
            trimmer.close();
        }
        commit.stopWhenDrained();
        try {
            thread.join(Duration.ofSeconds(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watch.shutdownNow();
        answers.shutdown();
        claim.close();
    }

    private CompletableFuture<Boolean> submit(Operation.Work<Boolean> work, boolean kept, Runnable unwanted,
            int limit) {
        var operation = new Operation<>(work, Boolean.FALSE, kept, unwanted, nanoTime.getAsLong());
        commit.submit(operation, limit);
        return operation.future();
    }

    @SuppressWarnings("NullAway") // the only value of Void
    private static Void nothing(Boolean ignored) {
        return null;
    }

    /** The row was, or may have been, written after its caller had been told that it was not, so no call was made for it. */
    private void withdraw(OpenAttempt attempt) {
        String currency = attempt.reserved() == null ? "USD" : attempt.reserved().currency();
        Instant now = clock.instant();
        var _ = settle(new Settlement(attempt.attemptId(), AttemptState.ABORTED, null, now, null, null, null, null,
                UsageSource.NONE, null, Cost.nothing(currency), null, "ledger_unavailable"))
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
            var operation = new Operation<>(work, 0, false, () -> {}, nanoTime.getAsLong());
            commit.submit(operation, settings.queue());
            int done = join(operation.future());
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

    private static GroupCommit writer(Store store, LedgerSession.Connections connections, Store.Claim claim,
            LedgerSettings settings, InstantSource clock, LongSupplier nanoTime, ExecutorService answers) {
        try {
            return new GroupCommit(connections, claim.replica(), settings, clock, nanoTime, answers);
        } catch (SQLException e) {
            claim.close();
            throw new LedgerUnavailable("cannot open the ledger " + store.place() + ": " + e.getMessage(), e);
        }
    }
}
