package dev.pareto.dashboards.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;

/**
 * One thread that owns the writing connection. It takes whatever waits, up to a batch, and commits it together: while one commit
 * is forced to disk the next batch gathers by itself, so a lone write never waits for company and a crowd shares one sync.
 */
final class GroupCommit implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final Duration IDLE = Duration.ofMillis(100);

    private final Connection connection;
    private final AttemptWriter writer;
    private final LedgerSettings settings;
    private final LongSupplier nanoTime;
    private final Executor answers;
    private final BlockingQueue<Operation<?>> queue;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile List<Operation<?>> inHand = List.of();
    private volatile boolean closing;
    private volatile boolean ended;

    GroupCommit(Connection connection, LedgerSettings settings, LongSupplier nanoTime, Executor answers)
            throws SQLException {
        this.connection = connection;
        this.writer = new AttemptWriter(connection);
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.answers = answers;
        this.queue = new ArrayBlockingQueue<>(settings.queue());
    }

    /** Queues the operation or fails it at once. */
    void submit(Operation<?> operation, int limit) {
        if (closing) {
            refuse(operation, "the ledger is closed");
        } else if (queue.size() >= limit || !queue.offer(operation)) {
            refuse(operation, "the ledger has " + limit + " writes waiting and takes no more; try again shortly");
        } else if (ended) {
            // Queued in the instant in which the thread ended: nobody would take it.
            refuse(operation, "the ledger is closed");
        }
    }

    int queued() {
        return queue.size();
    }

    long written() {
        return written.get();
    }

    long commits() {
        return commits.get();
    }

    long refused() {
        return refused.get();
    }

    /** No more operations; the thread ends when the queue is empty. */
    void stopWhenDrained() {
        closing = true;
    }

    /** Fails whatever waits longer than the settings allow; the writer skips it then. */
    void refuseOverdue() {
        long now = nanoTime.getAsLong();
        long patience = settings.patience().toNanos();
        queue.forEach(operation -> refuseIfOverdue(operation, patience, now));
        inHand.forEach(operation -> refuseIfOverdue(operation, patience, now));
    }

    @Override
    public void run() {
        List<Operation<?>> batch = new ArrayList<>(settings.batch());
        try {
            while (take(batch)) {
                write(batch);
                batch = new ArrayList<>(settings.batch());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closing = true;
            ended = true;
            queue.forEach(operation -> refuse(operation, "the ledger is closed"));
            closeQuietly();
        }
    }

    private boolean take(List<Operation<?>> batch) throws InterruptedException {
        while (true) {
            Operation<?> first = queue.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
            if (first != null) {
                batch.add(first);
                queue.drainTo(batch, settings.batch() - 1);
                batch.removeIf(Operation::answered);
                if (!batch.isEmpty()) {
                    return true;
                }
            } else if (closing) {
                return false;
            }
        }
    }

    private void write(List<Operation<?>> batch) {
        inHand = batch;
        try {
            commit(batch);
        } catch (SQLException | RuntimeException e) {
            rollBack();
            if (batch.size() > 1 && concernsOneOperation(e)) {
                batch.forEach(operation -> write(List.of(operation)));
            } else {
                RuntimeException told = tell(e);
                answers.execute(() -> batch.forEach(operation -> operation.fail(told)));
            }
        } finally {
            inHand = List.of();
        }
    }

    private void commit(List<Operation<?>> batch) throws SQLException {
        connection.setAutoCommit(false);
        for (Operation<?> operation : batch) {
            operation.apply(writer);
        }
        writer.flushRollups();
        connection.commit();
        releaseLock();
        commits.incrementAndGet();
        written.addAndGet(batch.size());
        // The callers' continuations run elsewhere: the next commit must not wait for them.
        answers.execute(() -> batch.forEach(Operation::succeed));
    }

    /** The driver begins the next transaction at once, and with it takes the write lock, until it commits by itself again. */
    private void releaseLock() throws SQLException {
        connection.setAutoCommit(true);
    }

    private void rollBack() {
        writer.discardRollups();
        try {
            if (!connection.getAutoCommit()) {
                connection.rollback();
                releaseLock();
            }
        } catch (SQLException e) {
            LOG.warn("The ledger could not roll back: {}", e.getMessage());
        }
    }

    /** A broken rule belongs to one operation and the others are tried alone; a full disk or a lock concerns them all. */
    private static boolean concernsOneOperation(Exception e) {
        if (!(e instanceof SQLException sql)) {
            return true;
        }
        int code = sql.getErrorCode() & 0xff;
        return code == SQLiteErrorCode.SQLITE_CONSTRAINT.code || code == SQLiteErrorCode.SQLITE_MISMATCH.code
                || code == SQLiteErrorCode.SQLITE_TOOBIG.code;
    }

    private static RuntimeException tell(Exception e) {
        return switch (e) {
            case IllegalStateException wrong -> wrong;
            case SQLException sql -> new LedgerUnavailable("the ledger's store failed: " + sql.getMessage(), sql);
            default -> new IllegalStateException("the ledger cannot write this: " + e.getMessage(), e);
        };
    }

    private void refuse(Operation<?> operation, String why) {
        if (operation.fail(new LedgerUnavailable(why, null))) {
            refused.incrementAndGet();
        }
    }

    private void refuseIfOverdue(Operation<?> operation, long patience, long now) {
        if (!operation.answered() && operation.olderThan(patience, now)) {
            refuse(operation, "the ledger's store did not answer within " + settings.patience());
        }
    }

    private void closeQuietly() {
        try {
            writer.close();
            connection.close();
        } catch (SQLException e) {
            LOG.warn("The ledger could not close its connection: {}", e.getMessage());
        }
    }
}
