package dev.pareto.engine.residency;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;

/** What {@link Residency} knows of one model; guarded by its lock. */
final class Resident<M> {

    enum Phase {
        ON_DISK, LOADING, READY, UNLOADING
    }

    final Stored<M> stored;
    /** Those who wait for the model to be ready. */
    final List<CompletableFuture<Lease<M>>> waiting = new ArrayList<>();
    Phase phase = Phase.ON_DISK;
    /** As of the last look at its file. */
    @Nullable
    Footprint needs;
    /** What is set aside for it, from before it is loaded until its unloading begins. */
    Footprint held = Footprint.NONE;
    /** While it is ready or being unloaded. */
    @Nullable
    M model;
    int leases;
    /** When the last lease was given back, or the model got ready. */
    long usedNanos;
    /** Why the last try did not end with a model, and when; null after one that did. */
    @Nullable
    EngineException refusal;
    long refusedNanos;
    /** Completes when the unloading is over. */
    CompletableFuture<Void> gone = CompletableFuture.completedFuture(null);

    Resident(Stored<M> stored) {
        this.stored = stored;
    }

    boolean unused() {
        return phase == Phase.READY && leases == 0 && !stored.pinned();
    }

    List<CompletableFuture<Lease<M>>> takeWaiting() {
        var all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }
}
