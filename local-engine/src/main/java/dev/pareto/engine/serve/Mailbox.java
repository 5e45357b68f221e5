package dev.pareto.engine.serve;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.GenerationListener;
import dev.pareto.engine.GenerationResult;
import dev.pareto.engine.TextDelta;

/**
 * Carries one request's news to its listener, in order and one at a time, on an executor of its own: the thread that
 * computes only puts things in. It holds a bounded number of deltas; a sequence whose mailbox is full pauses until its
 * listener has caught up. Thread-safe.
 */
final class Mailbox {

    /** Deltas that may wait before the sequence pauses. */
    static final int CAPACITY = 256;

    private static final System.Logger LOG = System.getLogger(Mailbox.class.getName());

    private final GenerationListener listener;
    private final Executor executor;
    private final Runnable onRoom;
    private final Runnable onFailure;
    private final CompletableFuture<GenerationResult> done = new CompletableFuture<>();

    private final ArrayDeque<TextDelta> deltas = new ArrayDeque<>();
    private @Nullable Object end;
    private boolean delivering;
    private boolean broken;

    /**
     * @param onRoom called when a full mailbox has room again
     * @param onFailure called when the listener threw: nobody hears any more
     */
    Mailbox(GenerationListener listener, Executor executor, Runnable onRoom, Runnable onFailure) {
        this.listener = listener;
        this.executor = executor;
        this.onRoom = onRoom;
        this.onFailure = onFailure;
    }

    synchronized boolean full() {
        return deltas.size() >= CAPACITY;
    }

    CompletableFuture<GenerationResult> done() {
        return done.copy();
    }

    void put(TextDelta delta) {
        synchronized (this) {
            if (broken) {
                return;
            }
            deltas.add(delta);
        }
        var _ = schedule(); // if not now, then with the next piece or the end
    }

    void finish(GenerationResult result) {
        end(result);
    }

    void fail(EngineException failure) {
        end(failure);
    }

    private void end(Object how) {
        synchronized (this) {
            if (end != null) {
                return;
            }
            end = how;
        }
        if (!schedule()) {
            complete(how); // there is nobody to tell the listener, but whoever waits for the end must not wait for ever
        }
    }

    /** False if there is no thread to be had, which must not fail the thread that computes. */
    private boolean schedule() {
        synchronized (this) {
            if (delivering) {
                return true;
            }
            delivering = true;
        }
        try {
            executor.execute(this::deliver);
            return true;
        } catch (RuntimeException | Error e) {
            synchronized (this) {
                delivering = false;
            }
            LOG.log(Level.WARNING, "a listener cannot be called now", e);
            return false;
        }
    }

    private void deliver() {
        while (true) {
            TextDelta delta;
            Object ending;
            boolean roomAgain;
            synchronized (this) {
                roomAgain = deltas.size() == CAPACITY;
                delta = deltas.poll();
                ending = end;
                delivering = delta != null || ending != null;
            }
            if (roomAgain) {
                onRoom.run();
            }
            if (delta != null) {
                tell(delta);
            } else {
                if (ending != null) {
                    tellEnd(ending); // still delivering: nothing comes after the end
                }
                return;
            }
        }
    }

    private void tell(TextDelta delta) {
        try {
            listener.onText(delta);
        } catch (Throwable t) { // whatever a listener throws must reach neither the engine nor other listeners
            LOG.log(Level.WARNING, "a listener failed at text; its request is cancelled", t);
            synchronized (this) {
                broken = true;
                deltas.clear();
            }
            onFailure.run();
        }
    }

    private void tellEnd(Object ending) {
        try {
            if (ending instanceof GenerationResult result) {
                listener.onFinish(result);
            } else {
                listener.onError((EngineException) ending);
            }
        } catch (Throwable t) { // as above
            LOG.log(Level.WARNING, "a listener failed at the end of its request", t);
        } finally {
            complete(ending);
        }
    }

    private void complete(Object ending) {
        if (ending instanceof GenerationResult result) {
            done.complete(result);
        } else {
            done.completeExceptionally((EngineException) ending);
        }
    }
}
