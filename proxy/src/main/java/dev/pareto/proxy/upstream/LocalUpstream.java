package dev.pareto.proxy.upstream;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.FinishReason;
import dev.pareto.engine.Generation;
import dev.pareto.engine.GenerationListener;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.GenerationResult;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.TextDelta;
import dev.pareto.engine.TokenLogprob;
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
import reactor.core.publisher.Sinks;

/**
 * A model in this process, answering in OpenAI's shape. Loading, templates and tokens are done on the given executor's threads,
 * computing on the engine's own; an event loop is never held. Thread-safe.
 */
final class LocalUpstream implements Upstream {

    private static final Logger LOG = LoggerFactory.getLogger(LocalUpstream.class);
    private static final Duration BUSY_FOR = Duration.ofSeconds(1);

    private final Supplier<LoadedModel> model;
    private final Supplier<String> fingerprint;
    private final Executor executor;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param model loads it at the first call, which may take long, and gives the same one afterwards
     * @param fingerprint changes with the weights, as OpenAI's changes with its back end
     * @param executor for work that may block; best of virtual threads
     */
    LocalUpstream(Supplier<LoadedModel> model, Supplier<String> fingerprint, Executor executor, InstantSource clock,
            RandomGenerator random) {
        this.model = model;
        this.fingerprint = fingerprint;
        this.executor = executor;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Mono<UpstreamAnswer> send(UpstreamCall call) {
        return Mono.create(sink -> executor.execute(() -> {
            try {
                answer(call, sink);
            } catch (EngineException failure) {
                sink.success(refusal(error(failure, call)));
            } catch (RefusedException refused) {
                sink.success(refusal(refused.error()));
            } catch (RuntimeException | Error failure) {
                sink.error(failure);
            }
        }));
    }

    private void answer(UpstreamCall call, MonoSink<UpstreamAnswer> sink) {
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
        LoadedModel loaded = model.get();
        request.requireTokens(loaded.card().vocabulary());
        int[] prompt = endpoint == Endpoint.CHAT
                ? loaded.prompt(request.messages(), List.of(), Map.of())
                : loaded.prompt(request.text());
        GenerationRequest wanted = new GenerationRequest(prompt, request.maxTokens(), request.sampling(),
                request.stop(),
                request.topLogprobs(), call.limits().total())
                .inPartition(call.tenant());
        AnswerWriter writer = new AnswerWriter(endpoint, unique(), clock.instant().getEpochSecond(),
                call.model().id().toString(),
                fingerprint.get(), request.usage());
        if (call.request().stream()) {
            stream(loaded, wanted, new Streamed(call, writer, request.topLogprobs() != null), sink);
        } else {
            Gathered gathered = new Gathered(call, writer, request.topLogprobs() != null, sink);
            Generation generation = loaded.generate(wanted, gathered);
            sink.onCancel(generation::cancel);
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
                    sink.success(refusal(error(known, call)));
                } else if (!(failure instanceof CancellationException)) {
                    sink.error(failure);
                }
            } catch (RuntimeException | Error fault) {
                sink.error(fault);
            }
        }, executor);
    }

    /** The stream is begun before it is handed over, so that a refusal still has its status. */
    private static void stream(LoadedModel loaded, GenerationRequest wanted, Streamed streamed,
            MonoSink<UpstreamAnswer> sink) {
        Generation generation = loaded.generate(wanted, streamed);
        sink.onCancel(generation::cancel);
        HttpHeaders headers = new DefaultHttpHeaders()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache");
        sink.success(new UpstreamAnswer(200, headers, streamed.events.asFlux().doOnCancel(generation::cancel)));
    }

    /** Collects the text of an answer in one piece. */
    private static final class Gathered implements GenerationListener {

        private final UpstreamCall call;
        private final AnswerWriter writer;
        private final boolean logprobs;
        private final MonoSink<UpstreamAnswer> sink;
        private final StringBuilder text = new StringBuilder();
        private final List<TokenLogprob> chances = new ArrayList<>();

        Gathered(UpstreamCall call, AnswerWriter writer, boolean logprobs, MonoSink<UpstreamAnswer> sink) {
            this.call = call;
            this.writer = writer;
            this.logprobs = logprobs;
            this.sink = sink;
        }

        @Override
        public void onText(TextDelta delta) {
            text.append(delta.text());
            chances.addAll(delta.logprobs());
        }

        @Override
        public void onFinish(GenerationResult result) {
            if (result.reason() == FinishReason.TIME_LIMIT) {
                sink.error(timeIsUp());
                return;
            }
            sink.success(json(200,
                    writer.whole(text.toString(), logprobs ? chances : null, reason(result), tokens(result))));
        }

        @Override
        public void onError(EngineException failure) {
            sink.success(refusal(error(failure, call)));
        }
    }

    /** Passes the text on as it comes. A slow reader's events wait, at most as many as the answer may have tokens. */
    private static final class Streamed implements GenerationListener {

        private final UpstreamCall call;
        private final AnswerWriter writer;
        private final boolean logprobs;
        private final Sinks.Many<byte[]> events = Sinks.many().unicast().onBackpressureBuffer();
        private boolean opened;

        Streamed(UpstreamCall call, AnswerWriter writer, boolean logprobs) {
            this.call = call;
            this.writer = writer;
            this.logprobs = logprobs;
        }

        @Override
        public void onText(TextDelta delta) {
            open();
            events.tryEmitNext(writer.delta(delta.text(), logprobs ? delta.logprobs() : null));
        }

        @Override
        public void onFinish(GenerationResult result) {
            if (result.reason() == FinishReason.TIME_LIMIT) {
                events.tryEmitError(timeIsUp());
                return;
            }
            open();
            writer.closing(reason(result), tokens(result)).forEach(events::tryEmitNext);
            events.tryEmitComplete();
        }

        @Override
        public void onError(EngineException failure) {
            Kind kind = failure instanceof EngineException.Busy ? Kind.SATURATED : Kind.INCOMPLETE;
            events.tryEmitError(new UpstreamException(kind, error(failure, call).message()));
        }

        /** The opening goes out with the first text, so that the first byte means the first token. */
        private void open() {
            if (!opened) {
                opened = true;
                byte[] opening = writer.opening();
                if (opening.length > 0) {
                    events.tryEmitNext(opening);
                }
            }
        }
    }

    private static UpstreamException timeIsUp() {
        return new UpstreamException(Kind.TOTAL, "The answer was not finished within the limit for the whole call.");
    }

    private static String reason(GenerationResult result) {
        return switch (result.reason()) {
            case LENGTH -> "length";
            case STOP, CANCELLED, TIME_LIMIT -> "stop";
        };
    }

    private static AnswerWriter.Tokens tokens(GenerationResult result) {
        return new AnswerWriter.Tokens(result.promptTokens(), result.cachedTokens(), result.completionTokens());
    }

    /** What the caller is told: no path, no name of a class; the log has those. */
    private static OpenAiError error(EngineException failure, UpstreamCall call) {
        String message = String.valueOf(failure.getMessage());
        return switch (failure) {
            case EngineException.Busy busy -> OpenAiError.later(503, busy.code(), message, BUSY_FOR);
            case EngineException.ContextTooLong tooLong ->
                OpenAiError.badRequest("context_length_exceeded", tooLong(tooLong, call), prompt(call));
            case EngineException.InvalidRequest invalid ->
                OpenAiError.badRequest(invalid.code(), message, prompt(call));
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

    private static UpstreamAnswer refusal(OpenAiError error) {
        UpstreamAnswer answer = json(error.status(), error.json());
        Duration wait = error.retryAfter();
        if (wait != null) {
            answer.headers().set(HttpHeaderNames.RETRY_AFTER, String.valueOf(wait.toSeconds()));
        }
        return answer;
    }

    private static UpstreamAnswer json(int status, byte[] body) {
        return new UpstreamAnswer(status,
                new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, "application/json"),
                Flux.just(body));
    }

    private String unique() {
        return Long.toUnsignedString(random.nextLong(), 36) + Long.toUnsignedString(random.nextLong(), 36);
    }
}
