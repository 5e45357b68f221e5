package dev.pareto.engine.soak;

import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.Generation;
import dev.pareto.engine.GenerationListener;
import dev.pareto.engine.GenerationResult;
import dev.pareto.engine.TextDelta;

/** Hears one answer in some manner and checks that it ends once, after its last piece, in a way that is allowed. */
final class Hearer implements GenerationListener {

    private final Counts counts;
    private final Manner manner;
    private final boolean mayBeClosed;
    private final AtomicInteger ends = new AtomicInteger();
    private final AtomicInteger inside = new AtomicInteger();
    private volatile @Nullable Generation generation;
    private int heard;

    /** @param mayBeClosed whether the model may be closed under it */
    Hearer(Counts counts, Manner manner, boolean mayBeClosed) {
        this.counts = counts;
        this.manner = manner;
        this.mayBeClosed = mayBeClosed;
    }

    /** What it may give up. */
    void of(Generation begun) {
        generation = begun;
    }

    int ends() {
        return ends.get();
    }

    @Override
    public void onText(TextDelta delta) {
        if (inside.getAndIncrement() > 0 || ends.get() > 0) {
            counts.finding("a piece came during another or after the end");
        }
        try {
            pause();
            if (manner.fails()) {
                throw new IllegalStateException("a caller's fault, as intended");
            }
            var begun = generation;
            if (heard++ >= manner.pieces() && manner.pieces() >= 0 && begun != null) {
                begun.cancel();
            }
        } finally {
            inside.decrementAndGet();
        }
    }

    private void pause() {
        try {
            Thread.sleep(manner.pauseMillis());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onFinish(GenerationResult result) {
        end("ended by " + result.reason());
    }

    /** Waiting too long, and a grammar that this vocabulary cannot go on with, are answers too. */
    @Override
    public void onError(EngineException failure) {
        switch (failure) {
            case EngineException.Busy _ -> end("waited too long");
            case EngineException.InvalidRequest _ -> end("grammar came to an end");
            case EngineException.Closed _ when mayBeClosed -> end("model closed");
            default -> {
                counts.finding("an answer failed: " + failure);
                end("failed");
            }
        }
    }

    private void end(String how) {
        if (ends.incrementAndGet() > 1) {
            counts.finding("a second end: " + how);
        } else {
            counts.ended(how);
        }
    }
}
