package dev.pareto.dashboards.testing.books;

import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** A thread that works through what it is given, in that order; whoever gives faster than it works waits. Safe for many givers. */
final class Lane<T> implements AutoCloseable {

    /** What is done with each. */
    interface Work<T> {
        void take(T item) throws SQLException;
    }

    private final BlockingQueue<Optional<T>> waiting;
    private final Thread thread;
    private volatile @Nullable Exception failure;

    /** @param room how many may wait */
    Lane(String name, int room, Work<T> work) {
        waiting = new ArrayBlockingQueue<>(room);
        thread = Thread.ofPlatform().name(name).daemon().start(() -> run(work));
    }

    private void run(Work<T> work) {
        try {
            for (Optional<T> item = waiting.take(); item.isPresent(); item = waiting.take()) {
                if (failure == null) {
                    take(work, item.get());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** After a failure the rest is thrown away, so that no giver waits for ever. */
    private void take(Work<T> work, T item) {
        try {
            work.take(item);
        } catch (SQLException | RuntimeException e) {
            failure = e;
        }
    }

    void put(T item) throws SQLException {
        tell();
        offer(Optional.of(item));
    }

    /** Waits until all is done. */
    @Override
    public void close() throws SQLException {
        offer(Optional.empty());
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        tell();
    }

    private void offer(Optional<T> item) throws SQLException {
        try {
            waiting.put(item);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static SQLException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new SQLException("interrupted while writing books", e);
    }

    private void tell() throws SQLException {
        Exception failed = failure;
        if (failed != null) {
            throw new SQLException(Thread.currentThread().getName() + " cannot go on: " + failed.getMessage(), failed);
        }
    }
}
