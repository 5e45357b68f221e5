package dev.pareto.proxy.simulate;

import dev.pareto.proxy.dialect.openai.AnswerWriter;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.upstream.Upstream;
import dev.pareto.proxy.upstream.UpstreamAnswer;
import dev.pareto.proxy.upstream.UpstreamCall;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** A simulated vendor's chat, in OpenAI's shape and at a hosted model's pace. Thread-safe. */
final class SimulatedUpstream implements Upstream {

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
            return Mono.just(Playback.refusal(error));
        }
        return Mono.fromCallable(() -> reply(call))
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(reply -> reply.answer(call.request().stream()));
    }

    private Playback reply(UpstreamCall call) {
        JsonNode body = Json.mapper().readTree(call.body());
        List<Map<String, Object>> messages = messages(body);
        String found = key.get().find(messages);
        String text = found == null ? UNKNOWN : found;
        String prompt = messages.toString();
        List<String> pieces = Playback.pieces(text);
        var writer = new AnswerWriter(Endpoint.CHAT, "sim" + Integer.toUnsignedString(prompt.hashCode(), 36),
                clock.instant().getEpochSecond(), call.model().upstreamName(), "fp_simulated",
                body.path("stream_options").path("include_usage").asBoolean(false));
        long promptTokens = Math.max(1, call.request().promptCharacters() / Playback.CHARACTERS_PER_TOKEN);
        return new Playback(writer, pieces, "stop", new AnswerWriter.Tokens(promptTokens, 0, pieces.size()),
                latency.firstToken(prompt), latency.perToken(), List.of());
    }

    private static List<Map<String, Object>> messages(JsonNode body) {
        var messages = new ArrayList<Map<String, Object>>();
        for (JsonNode message : body.path("messages")) {
            messages.add(Map.of("role", message.path("role").asString(""), "content",
                    message.path("content").asString("")));
        }
        return messages;
    }
}
