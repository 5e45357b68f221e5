package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.StoreException;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.UsageSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
 * The ledger in one SQLite file. One gateway at a time writes it (a lock file tells a second one so); opening it expires the
 * rows that an earlier process left open, for nobody can close those any more.
 */
public final class SqliteLedger implements Ledger {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteLedger.class);
    private static final int EXPIRY_BATCH = 500;
    private static final long ALL = Long.MAX_VALUE;

    private final LedgerSettings settings;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final FileChannel lock;
    private final GroupCommit commit;
    private final Thread thread;
    private final ExecutorService answers;
    private final ScheduledExecutorService watch;
    private final AtomicLong lateSettlements = new AtomicLong();
    private final int orphans;

    /**
     * @throws StoreException when another process writes this file
     */
    public SqliteLedger(SqliteStore store, LedgerSettings settings, InstantSource clock, LongSupplier nanoTime) {
        this.settings = settings;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.lock = lock(store.file());
        this.answers = Executors.newVirtualThreadPerTaskExecutor();
        this.commit = writer(store, settings, nanoTime, answers);
        this.thread = Thread.ofPlatform().name("pareto-ledger").daemon().start(commit);
        this.watch = Executors
                .newSingleThreadScheduledExecutor(Thread.ofVirtual().name("pareto-ledger-watch").factory());
        long tick = Math.max(1, settings.patience().toMillis() / 4);
        var _ = watch.scheduleWithFixedDelay(commit::refuseOverdue, tick, tick, TimeUnit.MILLISECONDS);
        this.orphans = expire(clock.instant(), ALL, "gateway_stopped");
        if (orphans > 0) {
            LOG.warn("{} attempts were open when the gateway last stopped; they are billed at their reservation",
                    orphans);
        }
    }

    /** How many rows an earlier process had left open. */
    public int orphans() {
        return orphans;
    }

    @Override
    public CompletableFuture<Void> open(OpenAttempt attempt) {
        return submit(writer -> {
            writer.open(attempt);
            return Boolean.TRUE;
        }, () -> withdraw(attempt), settings.openLimit());
    }

    @Override
    public CompletableFuture<Void> settle(Settlement settlement) {
        return submit(writer -> {
            boolean closed = writer.settle(settlement);
            if (!closed) {
                lateSettlements.incrementAndGet();
            }
            return closed;
        }, () -> {}, settings.queue());
    }

    @Override
    public int expireOpen(Instant now) {
        return expire(now, Micros.of(now), "deadline_passed");
    }

    @Override
    public LedgerStats stats() {
        return new LedgerStats(commit.queued(), commit.written(), commit.commits(), commit.refused(),
                lateSettlements.get());
    }

    @Override
    public void close() {
        commit.stopWhenDrained();
        try {
            thread.join(Duration.ofSeconds(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watch.shutdownNow();
        answers.shutdown();
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("The ledger could not release its lock: {}", e.getMessage());
        }
    }

    private CompletableFuture<Void> submit(Operation.Work<Boolean> work, Runnable unwanted, int limit) {
        var operation = new Operation<>(work, Boolean.FALSE, unwanted, nanoTime.getAsLong());
        commit.submit(operation, limit);
        return operation.future().thenApply(SqliteLedger::nothing);
    }

    @SuppressWarnings("NullAway") // the only value of Void
    private static Void nothing(Boolean ignored) {
        return null;
    }

    /** The row was written after its caller had been told that it was not, so no call was made for it. */
    private void withdraw(OpenAttempt attempt) {
        String currency = attempt.reserved() == null ? "USD" : attempt.reserved().currency();
        Instant now = clock.instant();
        var _ = settle(new Settlement(attempt.attemptId(), AttemptState.ABORTED, null, now, null, null, null, null,
                UsageSource.NONE, null, Cost.nothing(currency), null, "ledger_unavailable"))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.warn("Attempt {} was never sent but could not be withdrawn; it will expire: {}",
                                attempt.attemptId(), failure.getMessage());
                    }
                });
    }

    private int expire(Instant now, long dueBefore, String errorCode) {
        int total = 0;
        while (true) {
            var operation = new Operation<>(writer -> writer.expire(now, dueBefore, EXPIRY_BATCH, errorCode), 0,
                    () -> {}, nanoTime.getAsLong());
            commit.submit(operation, settings.queue());
            int expired = join(operation.future());
            total += expired;
            if (expired < EXPIRY_BATCH) {
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

    private static GroupCommit writer(SqliteStore store, LedgerSettings settings, LongSupplier nanoTime,
            ExecutorService answers) {
        try {
            return new GroupCommit(store.connect(), settings, nanoTime, answers);
        } catch (SQLException e) {
            throw new LedgerUnavailable("cannot open the ledger " + store.file() + ": " + e.getMessage(), e);
        }
    }

    private static FileChannel lock(Path file) {
        Path path = file.resolveSibling(file.getFileName() + ".lock");
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new StoreException("another gateway writes the ledger " + file
                        + "; stop it, or give this one a data folder of its own");
            }
            return channel;
        } catch (IOException e) {
            throw new StoreException("the ledger cannot be locked with " + path + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }
}
