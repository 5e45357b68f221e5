package dev.pareto.engine;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import dev.pareto.engine.residency.Lease;

/**
 * A model on loan for one request. The loan is given back when the handle is closed and all that was begun with it has
 * ended, whichever comes last: so a handle may be closed as soon as everything is begun.
 */
public final class LeasedModel extends ModelHandle {

    /** The handle itself and each piece of work; guarded by this. */
    private int users = 1;

    /** @param giveBack called once; never blocks */
    public LeasedModel(LoadedModel model, Runnable giveBack) {
        super(model, giveBack);
    }

    /**
     * Waits for a lease; an interrupt gives it up.
     *
     * @throws EngineException why there is none
     */
    public static LeasedModel await(CompletableFuture<Lease<LoadedModel>> coming) {
        var lease = ServedModel.await(coming);
        return new LeasedModel(lease.model(), lease::close);
    }

    @Override
    public Generation generate(GenerationRequest request, GenerationListener listener) {
        return during(model -> model.generate(request, listener), Generation::done);
    }

    @Override
    public float[] embed(int[] tokens) {
        return during(model -> model.embed(tokens), CompletableFuture::completedFuture);
    }

    @Override
    public CompletableFuture<EmbeddingResult> embed(EmbeddingRequest request) {
        return during(model -> model.embed(request), result -> result);
    }

    @Override
    public CompletableFuture<RerankResult> rerank(RerankRequest request) {
        return during(model -> model.rerank(request), result -> result);
    }

    @Override
    public float[][] logits(int[] tokens, int[] positions) {
        return during(model -> model.logits(tokens, positions), CompletableFuture::completedFuture);
    }

    /** Begins work that holds the loan until its end. */
    private <T> T during(Function<LoadedModel, T> work, Function<T, CompletableFuture<?>> end) {
        var model = begin();
        boolean begun = false;
        try {
            var result = work.apply(model);
            var _ = end.apply(result).whenComplete((_, _) -> release());
            begun = true;
            return result;
        } finally {
            if (!begun) {
                release();
            }
        }
    }

    private synchronized LoadedModel begin() {
        var model = open();
        users++;
        return model;
    }

    /** The handle is closed, or a piece of work has ended. */
    @Override
    void release() {
        boolean last;
        synchronized (this) {
            last = --users == 0;
        }
        if (last) {
            super.release();
        }
    }
}
