package dev.pareto.dashboards.ledger;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

/** A write that waits in the ledger's queue, and the future of the one who asked for it. */
final class Operation<T> {

    /** What to do, and what to tell the caller once it is durable. */
    interface Work<T> {
        T apply(LedgerSession session) throws SQLException;
    }

    private final Work<T> work;
    private final boolean kept;
    private final Runnable unwanted;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private final long queuedAt;
    private T result;

    /**
     * @param untold the result before the work is done
     * @param kept whether it is tried again until the store takes it, instead of failing with the store
     * @param unwanted runs when the write became, or may have become, durable although the caller was told that it failed
     */
    Operation(Work<T> work, T untold, boolean kept, Runnable unwanted, long queuedAt) {
        this.work = work;
        this.result = untold;
        this.kept = kept;
        this.unwanted = unwanted;
        this.queuedAt = queuedAt;
    }

    CompletableFuture<T> future() {
        return future;
    }

    boolean kept() {
        return kept;
    }

    boolean answered() {
        return future.isDone();
    }

    boolean olderThan(long nanos, long now) {
        return now - queuedAt > nanos;
    }

    void apply(LedgerSession session) throws SQLException {
        result = work.apply(session);
    }

    void succeed() {
        if (!future.complete(result)) {
            unwanted.run();
        }
    }

    /** False when the caller has an answer already. */
    boolean fail(RuntimeException cause) {
        return future.completeExceptionally(cause);
    }

    /** Fails, though nobody knows whether it was written. */
    void failUnsure(RuntimeException cause) {
        fail(cause);
        unwanted.run();
    }
}
