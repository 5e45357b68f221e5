package dev.pareto.engine.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A few platform threads that share one computation at a time: chunks are handed out one by one, so a slow core takes
 * fewer. The calling thread works too. Callers on several threads take turns of {@link #TURN_NANOS}: handing the pool
 * over at each computation would cost more than many of them. Threads are daemons; {@link #close} ends them.
 */
public final class ComputePool implements AutoCloseable {

    /** Between two steps of a forward pass lie microseconds: waking a parked thread would cost more than the wait. */
    private static final int SPINS = 1 << 11;
    private static final long CALLER_PARK_NANOS = 20_000;
    /** How long one caller may compute again and again while others wait. */
    static final long TURN_NANOS = 2_000_000;

    private final List<Worker> workers = new ArrayList<>();
    private final ReentrantLock turn = new ReentrantLock(true);
    private final LongSupplier nanoTime;
    private volatile @Nullable Thread last;
    private volatile long turnEnds;
    private volatile @Nullable Job current;
    private long jobs;
    private volatile boolean closed;

    /** A piece of work; {@code worker} below {@link #threads} names scratch space that no other running piece uses. */
    @FunctionalInterface
    public interface Task {

        /** Does one chunk. */
        void run(int chunk, int worker);
    }

    /**
     * Starts a pool.
     *
     * @param threads that compute at the same time, the caller's own included; 1 starts none
     */
    public ComputePool(int threads) {
        this(threads, System::nanoTime);
    }

    ComputePool(int threads, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException("threads " + threads + "; 1 to 1024 are allowed");
        }
        for (int i = 1; i < threads; i++) {
            var worker = new Worker(i);
            workers.add(worker);
            worker.thread.start();
        }
    }

    /** A pool with one thread for each core that this JVM may use. */
    public static ComputePool ofCores() {
        return new ComputePool(Runtime.getRuntime().availableProcessors());
    }

    /** Threads that compute at the same time, the caller's own included. */
    public int threads() {
        return workers.size() + 1;
    }

    /**
     * Runs chunks 0 to {@code chunks - 1} and returns when all are done; what they wrote is visible to the caller. The
     * first failure of a chunk is thrown here after the others ended. A task must not call this method.
     */
    public void run(int chunks, Task task) {
        takeTurn();
        if (chunks <= 1 || workers.isEmpty()) {
            try {
                for (int chunk = 0; chunk < chunks; chunk++) {
                    task.run(chunk, 0);
                }
            } finally {
                turn.unlock();
            }
            return;
        }
        try {
            if (closed) {
                throw new IllegalStateException("the compute pool is closed");
            }
            var job = new Job(++jobs, chunks, task);
            current = job;
            for (var worker : workers) {
                if (worker.parked) {
                    LockSupport.unpark(worker.thread);
                }
            }
            job.work(0);
            job.await();
            current = null;
            job.rethrow();
        } finally {
            turn.unlock();
        }
    }

    /** The same caller goes before those who wait until its turn is over, then behind them. */
    private void takeTurn() {
        var me = Thread.currentThread();
        if (me.equals(last) && nanoTime.getAsLong() - turnEnds < 0 && turn.tryLock()) {
            return;
        }
        turn.lock();
        last = me;
        turnEnds = nanoTime.getAsLong() + TURN_NANOS;
    }

    /** Callers that wait for their turn. */
    int waiting() {
        return turn.getQueueLength();
    }

    /** Ends the threads after the computation that runs now, if any. A second call does nothing. */
    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            workers.forEach(worker -> LockSupport.unpark(worker.thread));
        } finally {
            turn.unlock();
        }
    }

    private static final class Job {

        /** Counts from 1: a worker remembers this and not the job, which would keep what its task works on alive. */
        private final long number;
        private final int chunks;
        private final Task task;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Job(long number, int chunks, Task task) {
            this.number = number;
            this.chunks = chunks;
            this.task = task;
        }

        void work(int worker) {
            for (int chunk = next.getAndIncrement(); chunk < chunks; chunk = next.getAndIncrement()) {
                try {
                    task.run(chunk, worker);
                } catch (Throwable t) { // handed to the caller, whatever it is
                    failure.compareAndSet(null, t);
                } finally {
                    done.incrementAndGet();
                }
            }
        }

        /** A worker that comes late finds no chunk left and touches nothing, so only the chunks are waited for. */
        void await() {
            int spins = 0;
            while (done.get() < chunks) {
                if (++spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.parkNanos(this, CALLER_PARK_NANOS);
                }
            }
        }

        void rethrow() {
            switch (failure.get()) {
                case null -> {
                }
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable t -> throw new IllegalStateException("a compute task failed", t);
            }
        }
    }

    private final class Worker implements Runnable {

        private final int index;
        private final Thread thread;
        private volatile boolean parked;

        Worker(int index) {
            this.index = index;
            this.thread = Thread.ofPlatform().daemon().name("pareto-compute-" + index).unstarted(this);
        }

        @Override
        public void run() {
            long last = 0;
            while (!closed) {
                long joined = join(last);
                if (joined == last) {
                    rest(last);
                }
                last = joined;
            }
        }

        /** Works on the current job, if it is another than the last one; returns the number of the job worked on last. */
        private long join(long last) {
            Job job = current;
            if (job == null || job.number == last) {
                return last;
            }
            job.work(index);
            return job.number;
        }

        /** Spins a little, then parks until {@link ComputePool#run} sees the flag. */
        private void rest(long last) {
            for (int i = 0; i < SPINS; i++) {
                if (hasWork(last)) {
                    return;
                }
                Thread.onSpinWait();
            }
            parked = true;
            // The flag is set before this look, and the caller looks at the flag after it set the job: one of both sees.
            while (!hasWork(last)) {
                LockSupport.park(ComputePool.this);
                boolean _ = Thread.interrupted(); // cleared, or park would return at once from then on
            }
            parked = false;
        }

        private boolean hasWork(long last) {
            Job job = current;
            return closed || (job != null && job.number != last);
        }
    }
}
