package dev.pareto.engine;

import java.util.concurrent.CompletableFuture;

/** An answer on its way. Safe for use by any thread. */
public interface Generation {

    /**
     * Gives up: after the step that is being computed now, at most one token or one chunk of the prompt, no more work is
     * done for this request, and the listener hears {@link FinishReason#CANCELLED}. Without effect after the end.
     */
    void cancel();

    /**
     * Completes after the listener heard the end, with the same result, or exceptionally with the same
     * {@link EngineException}. Cancelling the future does not cancel the work.
     */
    CompletableFuture<GenerationResult> done();
}
