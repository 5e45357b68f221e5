package dev.pareto.proxy.upstream;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.pareto.engine.ChatPrompt;
import dev.pareto.engine.EmbeddingRequest;
import dev.pareto.engine.EmbeddingResult;
import dev.pareto.engine.EngineException;
import dev.pareto.engine.EngineLoad;
import dev.pareto.engine.FinishReason;
import dev.pareto.engine.Generation;
import dev.pareto.engine.GenerationListener;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.GenerationResult;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.ModelCard;
import dev.pareto.engine.ReadingProfile;
import dev.pareto.engine.RerankRequest;
import dev.pareto.engine.RerankResult;
import dev.pareto.engine.TextDelta;
import dev.pareto.engine.Timings;
import dev.pareto.engine.TokenLogprob;
import dev.pareto.engine.text.Tokenizer;
import dev.pareto.engine.text.chat.ForcedCall;
import dev.pareto.engine.text.chat.TemplateTraits;
import dev.pareto.engine.text.chat.answer.AnswerFormat;

import org.jspecify.annotations.Nullable;

/** A model that computes nothing: the test says what becomes of each answer. */
final class FakeModel implements LoadedModel {

    private static final int PROMPT_TOKENS = 5;

    private final int places;
    final List<Told> told = new ArrayList<>();

    private final @Nullable TemplateTraits traits;
    /** What the last chat came with. */
    List<? extends Map<String, ? extends @Nullable Object>> offered = List.of();
    Map<String, ? extends @Nullable Object> variables = Map.of();
    @Nullable
    ForcedCall forced;
    /** The end of the prompt of each chat. */
    private final String open;
    boolean closed;

    /** @param places so many answers are begun, further ones are refused as busy */
    FakeModel(int places) {
        this(places, null, "");
    }

    /**
     * @param traits of its chat template
     * @param open the end of the prompt of each chat
     */
    FakeModel(int places, @Nullable TemplateTraits traits, String open) {
        this.open = open;
        this.places = places;
        this.traits = traits;
    }

    /** One answer in the hands of the test. */
    static final class Told implements Generation {

        final GenerationRequest request;
        private final GenerationListener listener;
        boolean cancelled;

        Told(GenerationRequest request, GenerationListener listener) {
            this.request = request;
            this.listener = listener;
        }

        void text(String text, double logprob) {
            listener.onText(
                    new TextDelta(text, List.of(new TokenLogprob(1, text.getBytes(StandardCharsets.UTF_8),
                            logprob, List.of()))));
        }

        void finish(FinishReason reason, int tokens) {
            listener.onFinish(new GenerationResult(reason, PROMPT_TOKENS, tokens, 2, null,
                    new Timings(null, null, Duration.ofMillis(1))));
        }

        void fail(EngineException failure) {
            listener.onError(failure);
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public CompletableFuture<GenerationResult> done() {
            return new CompletableFuture<>();
        }
    }

    @Override
    public ModelCard card() {
        return new ModelCard("fake", null, Path.of("fake.gguf"), "llama", 1, "F32", 1, 100, 100, "chatml", null, null);
    }

    @Override
    public int[] prompt(List<? extends Map<String, ? extends @Nullable Object>> messages,
            List<? extends Map<String, ? extends @Nullable Object>> tools,
            Map<String, ? extends @Nullable Object> extras) {
        return new int[PROMPT_TOKENS];
    }

    @Override
    public ReadingProfile reading() {
        throw new UnsupportedOperationException("this model only writes");
    }

    @Override
    public CompletableFuture<EmbeddingResult> embed(EmbeddingRequest request) {
        throw new UnsupportedOperationException("this model only writes");
    }

    @Override
    public CompletableFuture<RerankResult> rerank(RerankRequest request) {
        throw new UnsupportedOperationException("this model only writes");
    }

    @Override
    public @Nullable TemplateTraits traits() {
        return traits;
    }

    @Override
    public ChatPrompt chat(List<? extends Map<String, ? extends @Nullable Object>> messages,
            List<? extends Map<String, ? extends @Nullable Object>> tools,
            Map<String, ? extends @Nullable Object> extras, @Nullable ForcedCall call) {
        offered = tools;
        variables = extras;
        forced = call;
        return new ChatPrompt(new int[PROMPT_TOKENS], traits == null ? AnswerFormat.of("") : traits.format(), open,
                tools.isEmpty() ? Set.of() : Set.of(7));
    }

    @Override
    public int[] prompt(String text) {
        return new int[PROMPT_TOKENS];
    }

    @Override
    public Generation generate(GenerationRequest request, GenerationListener listener) {
        if (told.size() == places) {
            throw EngineException.Busy.full(places, 0);
        }
        Told one = new Told(request, listener);
        told.add(one);
        return one;
    }

    @Override
    public Tokenizer tokenizer() {
        return (Tokenizer) Proxy.newProxyInstance(Tokenizer.class.getClassLoader(), new Class<?>[]{Tokenizer.class},
                (_, method, arguments) -> {
                    if (method.getName().equals("encode") && arguments[0] instanceof String text) {
                        return new int[text.length()]; // each character is a token
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    @Override
    public String sha256() {
        throw new UnsupportedOperationException();
    }

    @Override
    public float[] embed(int[] tokens) {
        throw new UnsupportedOperationException();
    }

    @Override
    public float[][] logits(int[] tokens, int[] positions) {
        throw new UnsupportedOperationException();
    }

    @Override
    public EngineLoad load() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        closed = true;
    }
}
