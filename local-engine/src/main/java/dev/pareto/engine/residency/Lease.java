package dev.pareto.engine.residency;

import java.util.concurrent.atomic.AtomicBoolean;

/** A hold on a loaded model: it stays as long as one is open. Safe for use by any thread; closing never blocks. */
public final class Lease<M> implements AutoCloseable {

    private final M model;
    private final Runnable giveBack;
    private final AtomicBoolean closed = new AtomicBoolean();

    Lease(M model, Runnable giveBack) {
        this.model = model;
        this.giveBack = giveBack;
    }

    /** The model, not to be used after {@link #close}. */
    public M model() {
        return model;
    }

    /** Gives it back. A second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            giveBack.run();
        }
    }
}
