package dev.pareto.engine;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.text.Tokenizer;
import dev.pareto.engine.text.chat.ForcedCall;
import dev.pareto.engine.text.chat.TemplateTraits;

/** One caller's hold on a shared model. */
final class ModelHandle implements LoadedModel {

    private final ServedModel model;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    ModelHandle(ServedModel model, Runnable release) {
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
        return model.chat().traits();
    }

    @Override
    public ChatPrompt chat(List<? extends Map<String, ? extends @Nullable Object>> messages,
            List<? extends Map<String, ? extends @Nullable Object>> tools,
            Map<String, ? extends @Nullable Object> extras, @Nullable ForcedCall forced) {
        return open().chat().prompt(messages, tools, extras, forced);
    }

    @Override
    public int[] prompt(String text) {
        return open().prompt(text);
    }

    @Override
    public Generation generate(GenerationRequest request, GenerationListener listener) {
        return open().scheduler().submit(request, listener);
    }

    @Override
    public ReadingProfile reading() {
        return model.reading();
    }

    @Override
    public CompletableFuture<EmbeddingResult> embed(EmbeddingRequest request) {
        return open().texts().embed(request);
    }

    @Override
    public CompletableFuture<RerankResult> rerank(RerankRequest request) {
        return open().texts().rerank(request);
    }

    @Override
    public float[] embed(int[] tokens) {
        return ServedModel.await(open().scheduler().embed(tokens));
    }

    @Override
    public float[][] logits(int[] tokens, int[] positions) {
        return ServedModel.await(open().scheduler().logits(tokens, positions));
    }

    @Override
    public EngineLoad load() {
        return open().scheduler().load();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }

    private ServedModel open() {
        if (closed.get()) {
            throw new EngineException.Closed(card().name());
        }
        return model;
    }
}
