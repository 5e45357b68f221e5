package dev.pareto.proxy.simulate;

import dev.pareto.proxy.dialect.openai.AnswerWriter;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.upstream.Upstream;
import dev.pareto.proxy.upstream.UpstreamAnswer;
import dev.pareto.proxy.upstream.UpstreamCall;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** A simulated vendor's chat, in OpenAI's shape and at a hosted model's pace. Thread-safe. */
final class SimulatedUpstream implements Upstream {

    /** English text has about four characters to a token; the usage of a simulation is made up and says so. */
    private static final int CHARACTERS_PER_TOKEN = 4;

    private static final String UNKNOWN = "I am a simulated vendor: I only know the answers to the suites that I was given.";

    private final Supplier<AnswerKey> key;
    private final SimulatedLatency latency;
    private final InstantSource clock;

    /** @param key may read files at its first call */
    SimulatedUpstream(Supplier<AnswerKey> key, SimulatedLatency latency, InstantSource clock) {
        this.key = key;
        this.latency = latency;
        this.clock = clock;
    }

    @Override
    public Mono<UpstreamAnswer> send(UpstreamCall call) {
        if (call.request().endpoint() != Endpoint.CHAT) {
            OpenAiError error = OpenAiError.badRequest("unsupported_parameter", "A simulated vendor only chats.", null);
            return Mono.just(new UpstreamAnswer(error.status(), headers("application/json"), Flux.just(error.json())));
        }
        return Mono.fromCallable(() -> reply(call))
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(reply -> call.request().stream() ? Mono.just(streamed(reply)) : whole(reply));
    }

    /** What will be said, and how fast. */
    private record Reply(AnswerWriter writer, List<String> tokens, AnswerWriter.Tokens usage, Duration firstToken) {}

    private Reply reply(UpstreamCall call) {
        JsonNode body = Json.mapper().readTree(call.body());
        List<Map<String, Object>> messages = messages(body);
        String found = key.get().find(messages);
        String text = found == null ? UNKNOWN : found;
        String prompt = messages.toString();
        var tokens = tokens(text);
        var writer = new AnswerWriter(Endpoint.CHAT, "sim" + Integer.toUnsignedString(prompt.hashCode(), 36),
                clock.instant().getEpochSecond(), call.model().upstreamName(), "fp_simulated",
                body.path("stream_options").path("include_usage").asBoolean(false));
        long promptTokens = Math.max(1, call.request().promptCharacters() / CHARACTERS_PER_TOKEN);
        return new Reply(writer, tokens, new AnswerWriter.Tokens(promptTokens, 0, tokens.size()),
                latency.firstToken(prompt));
    }

    private static List<Map<String, Object>> messages(JsonNode body) {
        var messages = new ArrayList<Map<String, Object>>();
        for (JsonNode message : body.path("messages")) {
            messages.add(Map.of("role", message.path("role").asString(""), "content",
                    message.path("content").asString("")));
        }
        return messages;
    }

    private static List<String> tokens(String text) {
        var tokens = new ArrayList<String>();
        for (int from = 0; from < text.length(); from += CHARACTERS_PER_TOKEN) {
            tokens.add(text.substring(from, Math.min(text.length(), from + CHARACTERS_PER_TOKEN)));
        }
        return tokens;
    }

    private Mono<UpstreamAnswer> whole(Reply reply) {
        Duration total = reply.firstToken().plus(latency.perToken().multipliedBy(reply.tokens().size()));
        byte[] body = reply.writer()
                .whole(List.of(new AnswerWriter.Choice(String.join("", reply.tokens()), null, "stop")), reply.usage());
        return Mono.delay(total)
                .thenReturn(new UpstreamAnswer(200, headers("application/json"), Flux.just(body)));
    }

    private UpstreamAnswer streamed(Reply reply) {
        Flux<byte[]> text = Flux.fromIterable(reply.tokens())
                .delayElements(latency.perToken())
                .map(token -> reply.writer().delta(0, token, null));
        Flux<byte[]> events = Mono.delay(reply.firstToken())
                .thenMany(Flux.concat(Mono.just(reply.writer().opening(0)), text,
                        Mono.just(reply.writer().closing(0, "stop")),
                        Flux.fromIterable(reply.writer().ending(reply.usage()))));
        return new UpstreamAnswer(200, headers("text/event-stream; charset=utf-8"), events);
    }

    private static HttpHeaders headers(String type) {
        return new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, type);
    }
}
