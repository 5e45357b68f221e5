package dev.pareto.engine;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.text.Tokenizer;
import dev.pareto.engine.text.chat.ForcedCall;
import dev.pareto.engine.text.chat.TemplateTraits;

/** One caller's hold on a model that is shared. Safe for use by any thread. */
sealed class ModelHandle implements LoadedModel permits LeasedModel {

    private final LoadedModel model;
    private final Runnable release;
    /** Guarded by this. */
    private boolean closed;

    /** @param release called once, by the first close */
    ModelHandle(LoadedModel model, Runnable release) {
        this.model = model;
        this.release = release;
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
        return open().generate(request, listener);
    }

    @Override
    public ReadingProfile reading() {
        return open().reading();
    }

    @Override
    public float[] embed(int[] tokens) {
        return open().embed(tokens);
    }

    @Override
    public CompletableFuture<EmbeddingResult> embed(EmbeddingRequest request) {
        return open().embed(request);
    }

    @Override
    public CompletableFuture<RerankResult> rerank(RerankRequest request) {
        return open().rerank(request);
    }

    @Override
    public float[][] logits(int[] tokens, int[] positions) {
        return open().logits(tokens, positions);
    }

    @Override
    public EngineLoad load() {
        return open().load();
    }

    @Override
    public final void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        release();
    }

    /** The handle is closed. */
    void release() {
        release.run();
    }

    /** The model, unless the handle is closed. */
    final synchronized LoadedModel open() {
        if (closed) {
            throw new EngineException.Closed(card().name());
        }
        return model;
    }
}
