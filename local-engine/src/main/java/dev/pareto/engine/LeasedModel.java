package dev.pareto.engine;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.residency.Lease;
import dev.pareto.engine.text.Tokenizer;
import dev.pareto.engine.text.chat.ForcedCall;
import dev.pareto.engine.text.chat.TemplateTraits;

/**
 * A model on loan for one request. The loan is given back when the handle is closed and all that was begun with it has
 * ended, whichever comes last: so a handle may be closed as soon as everything is begun.
 */
public final class LeasedModel implements LoadedModel {

    private final LoadedModel model;
    private final Runnable giveBack;
    /** The handle itself and each piece of work; guarded by this, as is closed. */
    private int users = 1;
    private boolean closed;

    /** @param giveBack called once; never blocks */
    public LeasedModel(LoadedModel model, Runnable giveBack) {
        this.model = model;
        this.giveBack = giveBack;
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
    public ModelCard card() {
        return model.card();
    }

    @Override
    public Tokenizer tokenizer() {
        return model.tokenizer();
    }

    @Override
    public String sha256() {
        return open().sha256();
    }

    @Override
    public int[] prompt(List<? extends Map<String, ? extends @Nullable Object>> messages,
            List<? extends Map<String, ? extends @Nullable Object>> tools,
            Map<String, ? extends @Nullable Object> extras) {
        return open().prompt(messages, tools, extras);
    }

    @Override
    public @Nullable TemplateTraits traits() {
        return open().traits();
    }

    @Override
    public ChatPrompt chat(List<? extends Map<String, ? extends @Nullable Object>> messages,
            List<? extends Map<String, ? extends @Nullable Object>> tools,
            Map<String, ? extends @Nullable Object> extras, @Nullable ForcedCall forced) {
        return open().chat(messages, tools, extras, forced);
    }

    @Override
    public int[] prompt(String text) {
        return open().prompt(text);
    }

    @Override
    public Generation generate(GenerationRequest request, GenerationListener listener) {
        return during(() -> model.generate(request, listener), Generation::done);
    }

    @Override
    public ReadingProfile reading() {
        return open().reading();
    }

    @Override
    public float[] embed(int[] tokens) {
        return during(() -> model.embed(tokens), CompletableFuture::completedFuture);
    }

    @Override
    public CompletableFuture<EmbeddingResult> embed(EmbeddingRequest request) {
        return during(() -> model.embed(request), result -> result);
    }

    @Override
    public CompletableFuture<RerankResult> rerank(RerankRequest request) {
        return during(() -> model.rerank(request), result -> result);
    }

    @Override
    public float[][] logits(int[] tokens, int[] positions) {
        return during(() -> model.logits(tokens, positions), CompletableFuture::completedFuture);
    }

    @Override
    public EngineLoad load() {
        return open().load();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        end();
    }

    /** Begins work that holds the loan until its end. */
    private <T> T during(Supplier<T> work, Function<T, CompletableFuture<?>> end) {
        begin();
        boolean begun = false;
        try {
            var result = work.get();
            var _ = end.apply(result).whenComplete((_, _) -> end());
            begun = true;
            return result;
        } finally {
            if (!begun) {
                end();
            }
        }
    }

    private synchronized LoadedModel open() {
        if (closed) {
            throw new EngineException.Closed(card().name());
        }
        return model;
    }

    private synchronized void begin() {
        if (closed) {
            throw new EngineException.Closed(card().name());
        }
        users++;
    }

    private void end() {
        boolean last;
        synchronized (this) {
            last = --users == 0;
        }
        if (last) {
            giveBack.run();
        }
    }
}
