package dev.pareto.dashboards.ledger;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that owns the writing connection. It takes whatever waits, up to a batch, and commits it together: while one commit
 * is forced to disk the next batch gathers by itself, so a lone write never waits for company and a crowd shares one sync. Where most
 * of a commit is what its rows have in common, settlements wait some milliseconds after the last one, for nobody waits for them. While
 * the store fails, openings fail with it, and what is to be kept (settlements, adjustments) is tried again until it is written.
 */
final class GroupCommit implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final Duration IDLE = Duration.ofMillis(100);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    /** Without a write, after which the connection is asked whether it is still there. */
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    /** Looks at the writer within its patience. */
    static final int LOOKS = 4;

    private final LedgerSession.Sessions sessions;
    private final LedgerSettings settings;
    private final LongSupplier nanoTime;
    private final Executor answers;
    private final Duration gathering;
    private final BlockingQueue<Operation<?>> queue;
    private final List<Operation<?>> again = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong steps = new AtomicLong();
    private @Nullable LedgerSession session;
    private Duration pause = Duration.ZERO;
    private long lastWord;
    private long lastCommit;
    private volatile @Nullable Thread thread;
    private volatile boolean hurried;
    private volatile int held;
    private volatile List<Operation<?>> inHand = List.of();
    private volatile boolean closing;
    private volatile boolean ended;
    private volatile boolean failing;
    private volatile boolean silent;
    private long stepsSeen;
    private int looksWithoutStep;

    /** @param gathering for how long after a commit what is kept may wait for more of it */
    GroupCommit(LedgerSession.Sessions sessions, LedgerSettings settings, Duration gathering, LongSupplier nanoTime,
            Executor answers) throws SQLException {
        this.sessions = sessions;
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.answers = answers;
        this.gathering = gathering;
        this.queue = new ArrayBlockingQueue<>(settings.queue());
        this.session = sessions.open();
        this.lastWord = nanoTime.getAsLong();
        this.lastCommit = lastWord - gathering.toNanos();
    }

    /** Queues the operation or fails it at once. */
    void submit(Operation<?> operation, int limit) {
        if (closing) {
            refuse(operation, "the ledger is closed");
        } else if (queue.size() + held >= limit || !queue.offer(operation)) {
            refuse(operation, "the ledger has " + limit + " writes waiting and takes no more; try again shortly");
        } else if (ended) {
            // Queued in the instant in which the thread ended: nobody would take it.
            refuse(operation, "the ledger is closed");
        } else if (!operation.kept()) {
            hurry();
        }
    }

    int queued() {
        return queue.size() + held;
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

    /** Whether the store failed the last batch, or has not answered for so long that calls are refused. */
    boolean degraded() {
        return failing || silent;
    }

    /** No more operations; the thread ends when the queue is empty, or after a few more tries where the store fails. */
    void stopWhenDrained() {
        closing = true;
        stopped.countDown();
        // wakes a thread that waits for work, instead of letting it wait to the end; where the queue is full it does not wait
        var nothing = new Operation<>(session -> Boolean.FALSE, Boolean.FALSE, false, () -> {}, nanoTime.getAsLong());
        nothing.succeed();
        queue.offer(nothing);
    }

    /**
     * Fails what waits longer than the settings allow, where the store does not answer at all; the writer skips it then. To be called
     * {@link #LOOKS} times within the patience. A store that is slow but works on keeps its callers waiting: its queue is bounded. A
     * machine too busy to run this at all does not count as time without an answer.
     */
    void refuseOverdue() {
        long now = steps.get();
        boolean waits = !inHand.isEmpty() || !queue.isEmpty();
        looksWithoutStep = waits && now == stepsSeen ? looksWithoutStep + 1 : 0;
        stepsSeen = now;
        silent = looksWithoutStep >= LOOKS;
        if (looksWithoutStep >= LOOKS) {
            queue.forEach(this::refuseIfOverdue);
            inHand.forEach(this::refuseIfOverdue);
        }
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
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
            again.forEach(operation -> refuse(operation, "the ledger was closed while its store failed"));
            closeQuietly();
        }
    }

    private void hurry() {
        hurried = true;
        Thread writer = thread;
        if (writer != null) {
            LockSupport.unpark(writer);
        }
    }

    /** Waits for more of what is kept, unless there is enough of it, or something that a caller waits for. */
    private void gather() {
        long left = lastCommit + gathering.toNanos() - nanoTime.getAsLong();
        while (left > 0 && !hurried && !closing && queue.size() + 1 < settings.batch()) {
            LockSupport.parkNanos(this, left);
            left = lastCommit + gathering.toNanos() - nanoTime.getAsLong();
        }
        hurried = false;
    }

    private boolean take(List<Operation<?>> batch) throws InterruptedException {
        while (true) {
            if (pause.isPositive() && stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS) && !again.isEmpty()
                    && pause.equals(LONGEST_PAUSE)) {
                return false;
            }
            Operation<?> first = again.isEmpty() && !closing
                    ? queue.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS)
                    : queue.poll();
            batch.addAll(again);
            again.clear();
            if (first != null) {
                if (first.kept() && gathering.isPositive()) {
                    gather();
                }
                batch.add(first);
                queue.drainTo(batch, Math.max(0, settings.batch() - batch.size()));
            }
            batch.removeIf(Operation::answered);
            if (!batch.isEmpty()) {
                return true;
            }
            held = 0;
            if (first == null && closing) {
                return false;
            }
            if (first == null && nanoTime.getAsLong() - lastWord >= QUIET.toNanos()) {
                lookAfterSession();
            }
        }
    }

    /** A gateway without calls must not find out at its next one that the store was restarted, or its claim lost with it. */
    private void lookAfterSession() {
        try {
            LedgerSession now = session;
            if (now != null && !now.answers(ANSWER)) {
                LOG.warn("The ledger lost the connection that it writes with; it connects anew");
                closeQuietly();
                now = null;
            }
            if (now == null) {
                session = sessions.open();
            }
        } catch (SQLException | RuntimeException e) {
            closeQuietly();
            LOG.warn("The ledger cannot write for now and tries again in {}: {}", QUIET, e.getMessage());
        }
        lastWord = nanoTime.getAsLong();
    }

    private void write(List<Operation<?>> batch) {
        inHand = batch;
        try {
            apply(batch);
            commit(batch);
        } catch (SQLException | RuntimeException e) {
            rollBack();
            failed(batch, e);
        } finally {
            inHand = List.of();
            held = again.size();
            lastWord = nanoTime.getAsLong();
            steps.incrementAndGet();
        }
    }

    private void failed(List<Operation<?>> batch, Exception failure) {
        boolean one = Failures.concernsOneOperation(failure);
        if (one && batch.size() > 1) {
            batch.forEach(operation -> write(List.of(operation)));
        } else {
            RuntimeException told = Failures.tell(failure, one);
            List<Operation<?>> lost = one ? batch : storeFailed(batch, failure);
            answers.execute(() -> lost.forEach(operation -> operation.fail(told)));
        }
    }

    /** Keeps what is to be tried again; gives back the others. */
    private List<Operation<?>> storeFailed(List<Operation<?>> batch, Exception failure) {
        closeQuietly();
        failing = true;
        pause = pause.isPositive() ? pause.multipliedBy(2) : FIRST_PAUSE;
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        List<Operation<?>> lost = new ArrayList<>();
        for (Operation<?> operation : batch) {
            (operation.kept() ? again : lost).add(operation);
        }
        if (pause.equals(FIRST_PAUSE)) {
            LOG.warn("The ledger's store failed; what is to be kept waits until it works again: {}",
                    Failures.why(failure));
        }
        return lost;
    }

    private void apply(List<Operation<?>> batch) throws SQLException {
        LedgerSession now = session;
        if (now == null) {
            now = sessions.open();
            session = now;
        }
        now.begin();
        for (Operation<?> operation : batch) {
            operation.apply(now);
        }
        now.flush();
    }

    private void commit(List<Operation<?>> batch) throws SQLException {
        LedgerSession now = session;
        if (now == null) {
            throw new IllegalStateException("nothing was applied");
        }
        try {
            now.commit();
        } catch (SQLException unsure) {
            if (Failures.concernsOneOperation(unsure)) {
                throw unsure;
            }
            // Whether it was kept nobody knows: an opening is taken back, and what is kept is tried again and found done.
            RuntimeException told = Failures.tell(unsure, false);
            answers.execute(() -> batch.stream()
                    .filter(operation -> !operation.kept())
                    .forEach(operation -> operation.failUnsure(told)));
            throw unsure;
        }
        if (pause.isPositive()) {
            LOG.info("The ledger's store works again");
        }
        pause = Duration.ZERO;
        failing = false;
        lastCommit = nanoTime.getAsLong();
        commits.incrementAndGet();
        written.addAndGet(batch.size());
        // The callers' continuations run elsewhere: the next commit must not wait for them.
        answers.execute(() -> batch.forEach(Operation::succeed));
    }

    private void rollBack() {
        LedgerSession now = session;
        if (now == null) {
            return;
        }
        try {
            now.rollBack();
        } catch (SQLException e) {
            LOG.debug("The ledger could not roll back and connects anew: {}", e.getMessage());
            closeQuietly();
        }
    }

    private void refuse(Operation<?> operation, String why) {
        if (operation.fail(new LedgerUnavailable(why, null))) {
            refused.incrementAndGet();
        }
    }

    private void refuseIfOverdue(Operation<?> operation) {
        if (!operation.kept() && !operation.answered()
                && operation.olderThan(settings.patience().toNanos(), nanoTime.getAsLong())) {
            refuse(operation, "the ledger's store did not answer within " + settings.patience());
        }
    }

    private void closeQuietly() {
        LedgerSession now = session;
        session = null;
        try {
            if (now != null) {
                now.close();
            }
        } catch (SQLException e) {
            LOG.warn("The ledger could not close its connection: {}", e.getMessage());
        }
    }
}
