package dev.pareto.proxy.upstream;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.grammar.Grammar;
import dev.pareto.proxy.dialect.openai.AnswerWriter;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.upstream.UpstreamException.Kind;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * A model in this process, answering in OpenAI's shape. Loading, templates, tokens and grammars are done on the given executor's
 * threads, computing on the engine's own; an event loop is never held. Thread-safe.
 */
final class LocalUpstream implements Upstream {

    private static final Logger LOG = LoggerFactory.getLogger(LocalUpstream.class);
    private static final Duration BUSY_FOR = Duration.ofSeconds(1);

    private final Supplier<LoadedModel> models;
    private final Supplier<String> fingerprint;
    private final Grammars grammars;
    private final Executor executor;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param models a handle for one request, to be closed; loads the model if need be, which may take long
     * @param fingerprint changes with the weights, as OpenAI's changes with its back end
     * @param grammars may be shared by all models
     * @param executor for work that may block; best of virtual threads
     */
    LocalUpstream(Supplier<LoadedModel> models, Supplier<String> fingerprint, Grammars grammars, Executor executor,
            InstantSource clock, RandomGenerator random) {
        this.models = models;
        this.fingerprint = fingerprint;
        this.grammars = grammars;
        this.executor = executor;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Mono<UpstreamAnswer> send(UpstreamCall call) {
        return Mono.create(sink -> executor.execute(() -> {
            try (Loan model = new Loan(models)) {
                answer(call, model, sink);
            } catch (EngineException failure) {
                sink.success(refusal(error(failure, call, prompt(call))));
            } catch (RefusedException refused) {
                sink.success(refusal(refused.error()));
            } catch (RuntimeException | Error failure) {
                sink.error(failure);
            }
        }));
    }

    private void answer(UpstreamCall call, Loan model, MonoSink<UpstreamAnswer> sink) {
        Endpoint endpoint = call.request().endpoint();
        String name = call.model().id().toString();
        if (endpoint == Endpoint.EMBEDDINGS) {
            LocalEmbeddings wanted = LocalEmbeddings.read(model, name, call);
            read(model.get().embed(wanted.request()), wanted::answer, call, sink);
            return;
        }
        if (endpoint == Endpoint.RERANK) {
            LocalRerank wanted = LocalRerank.read(model, name, call);
            read(model.get().rerank(wanted.request()), wanted::answer, call, sink);
            return;
        }
        LocalRequest request = LocalRequest.read(endpoint, call.body());
        LocalFormat format = request.format();
        Grammar grammar = format == null ? null : format.compile(grammars);
        LoadedModel loaded = model.get();
        request.requireTokens(loaded.card().vocabulary());
        LocalChat chat = endpoint == Endpoint.CHAT ? LocalChat.of(loaded, request, random) : null;
        if (chat != null && chat.forced() != null) {
            format = chat.forced();
            grammar = format.compile(grammars);
        } else if (chat != null && format != null) {
            grammar = format.compile(grammars, chat.whole(format.source()));
        }
        int[] prompt = chat == null ? loaded.prompt(request.text()) : chat.prompt().tokens();
        AnswerWriter writer = new AnswerWriter(endpoint, unique(), clock.instant().getEpochSecond(),
                call.model().id().toString(),
                fingerprint.get(), request.usage());
        List<GenerationRequest> plain = request.generations(prompt, grammar, call.limits().total())
                .stream()
                .map(generation -> generation.inPartition(call.tenant()))
                .toList();
        List<GenerationRequest> wanted = chat == null ? plain : chat.marked(plain);
        // From here on all that may turn out wrong of a request is that no token fits its grammar.
        String atFault = format == null ? prompt(call) : format.param();
        Function<EngineException, OpenAiError> words = failure -> error(failure, call, atFault);
        try {
            if (call.request().stream()) {
                StreamedChoices streamed = new StreamedChoices(writer, request.topLogprobs() != null, words,
                        call.limits().total());
                Choices choices = new Choices(chat == null ? streamed : chat.reading(streamed, true));
                stream(choices, loaded, wanted, streamed, sink);
            } else {
                GatheredChoices gathered = new GatheredChoices(writer, request, words, sink);
                Choices choices = new Choices(chat == null ? gathered : chat.reading(gathered, false));
                begin(choices, loaded, wanted, sink);
            }
        } catch (EngineException failure) {
            sink.success(refusal(words.apply(failure)));
        }
    }

    /** The answer is written on our own threads: those of the model have better to do. */
    private <T> void read(CompletableFuture<T> work, Function<T, byte[]> answer, UpstreamCall call,
            MonoSink<UpstreamAnswer> sink) {
        sink.onCancel(() -> work.cancel(false));
        var _ = work.whenCompleteAsync((result, failure) -> {
            try {
                if (failure == null) {
                    sink.success(json(200, answer.apply(result)));
                } else if (failure instanceof EngineException known) {
                    sink.success(refusal(error(known, call, prompt(call))));
                } else if (!(failure instanceof CancellationException)) {
                    sink.error(failure);
                }
            } catch (RuntimeException | Error fault) {
                sink.error(fault);
            }
        }, executor);
    }

    /** The stream is begun before it is handed over, so that a refusal still has its status. */
    private static void stream(Choices choices, LoadedModel loaded, List<GenerationRequest> wanted,
            StreamedChoices streamed, MonoSink<UpstreamAnswer> sink) {
        begin(choices, loaded, wanted, sink);
        HttpHeaders headers = new DefaultHttpHeaders()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache");
        sink.success(new UpstreamAnswer(200, headers, streamed.events().doOnCancel(choices::cancel)));
    }

    private static void begin(Choices choices, LoadedModel loaded, List<GenerationRequest> wanted,
            MonoSink<UpstreamAnswer> sink) {
        choices.begin(loaded, wanted);
        sink.onCancel(choices::cancel);
    }

    static UpstreamException timeIsUp() {
        return new UpstreamException(Kind.TOTAL, "The answer was not finished within the limit for the whole call.");
    }

    /**
     * What the caller is told: no path, no name of a class; the log has those.
     *
     * @param atFault the field that a request which cannot be meant is wrong at
     */
    private static OpenAiError error(EngineException failure, UpstreamCall call, String atFault) {
        String message = String.valueOf(failure.getMessage());
        return switch (failure) {
            case EngineException.Busy busy -> OpenAiError.later(503, busy.code(), message, BUSY_FOR);
            case EngineException.ContextTooLong tooLong ->
                OpenAiError.badRequest("context_length_exceeded", tooLong(tooLong, call), prompt(call));
            case EngineException.InvalidRequest invalid ->
                OpenAiError.badRequest(invalid.code(), message, atFault);
            case EngineException.ModelTooLarge tooLarge ->
                LocalModels.notLoaded(call.model().id().toString(), tooLarge);
            case EngineException.MemoryFull full -> LocalModels.notLoaded(call.model().id().toString(), full);
            case EngineException.UnusableModel unusable ->
                LocalModels.notServed(call.model().id().toString(), message);
            case EngineException.ComputationFailed failed -> {
                LOG.error("the model {} failed", call.model().id(), failed);
                yield OpenAiError.upstream(500, failed.code(),
                        "The model failed while it computed the answer; the gateway's log has the details.");
            }
            case EngineException.Interrupted stopped -> OpenAiError.upstream(503, stopped.code(), message);
            case EngineException.Closed closed -> OpenAiError.upstream(503, closed.code(), message);
        };
    }

    /** OpenAI's own sentence, which clients look for. */
    private static String tooLong(EngineException.ContextTooLong tooLong, UpstreamCall call) {
        return "This model's maximum context length is " + tooLong.limit() + " tokens. However, your " + prompt(call)
                + " resulted in " + tooLong.promptTokens() + " tokens. Please reduce the length of the " + prompt(call)
                + ".";
    }

    /** The field that holds what the model reads. */
    private static String prompt(UpstreamCall call) {
        return switch (call.request().endpoint()) {
            case CHAT -> "messages";
            case COMPLETIONS -> "prompt";
            case EMBEDDINGS -> "input";
            case RERANK -> "documents";
        };
    }

    static UpstreamAnswer refusal(OpenAiError error) {
        UpstreamAnswer answer = json(error.status(), error.json());
        Duration wait = error.retryAfter();
        if (wait != null) {
            answer.headers().set(HttpHeaderNames.RETRY_AFTER, String.valueOf(wait.toSeconds()));
        }
        return answer;
    }

    static UpstreamAnswer json(int status, byte[] body) {
        return new UpstreamAnswer(status,
                new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, "application/json"),
                Flux.just(body));
    }

    private String unique() {
        return Long.toUnsignedString(random.nextLong(), 36) + Long.toUnsignedString(random.nextLong(), 36);
    }
}
