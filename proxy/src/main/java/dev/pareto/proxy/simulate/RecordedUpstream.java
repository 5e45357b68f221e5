package dev.pareto.proxy.simulate;

import dev.pareto.evals.record.PromptHash;
import dev.pareto.evals.record.Recording;
import dev.pareto.evals.record.Recordings;
import dev.pareto.proxy.dialect.openai.AnswerWriter;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.upstream.Upstream;
import dev.pareto.proxy.upstream.UpstreamAnswer;
import dev.pareto.proxy.upstream.UpstreamCall;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/** A vendor whose answers are on file: what its model once said to a prompt, it says again. Thread-safe. */
final class RecordedUpstream implements Upstream {

    private static final TypeReference<List<Map<String, Object>>> MESSAGES = new TypeReference<>() {};

    private final Callable<Recordings> recordings;
    private final @Nullable SimulatedLatency pace;
    private final InstantSource clock;

    /**
     * @param recordings may read files at its first call
     * @param pace of answers that nobody timed; null when every answer comes at once
     */
    RecordedUpstream(Callable<Recordings> recordings, @Nullable SimulatedLatency pace, InstantSource clock) {
        this.recordings = recordings;
        this.pace = pace;
        this.clock = clock;
    }

    @Override
    public Mono<UpstreamAnswer> send(UpstreamCall call) {
        if (call.request().endpoint() != Endpoint.CHAT) {
            return Mono.just(Playback.refusal(
                    OpenAiError.badRequest("unsupported_parameter", "A recorded vendor only chats.", null)));
        }
        return Mono.fromCallable(() -> answer(call)).subscribeOn(Schedulers.boundedElastic()).flatMap(said -> said);
    }

    private Mono<UpstreamAnswer> answer(UpstreamCall call) throws Exception {
        JsonNode body = Json.mapper().readTree(call.body());
        if (!body.path("messages").isArray()) {
            return Mono.just(Playback.refusal(
                    OpenAiError.badRequest("missing_parameter", "'messages' must be a list.", "messages")));
        }
        String model = call.model().upstreamName();
        String hash = PromptHash.of(Json.mapper().convertValue(body.path("messages"), MESSAGES));
        try {
            return recordings.call()
                    .find(model, hash)
                    .map(found -> playback(found, body).answer(call.request().stream()))
                    .orElseGet(() -> Mono.just(Playback.refusal(OpenAiError.refused(404, "recording_not_found",
                            "No answer of " + model + " to this prompt was recorded (prompt_sha256 " + hash
                                    + "); add one to the recordings, or ask a live vendor."))));
        } catch (IOException unreadable) {
            return Mono.just(Playback.refusal(OpenAiError.upstream(502, "recordings_unreadable",
                    "The recordings cannot be used: " + unreadable.getMessage())));
        }
    }

    private Playback playback(Recording found, JsonNode body) {
        List<String> pieces = Playback.pieces(found.output());
        var writer = new AnswerWriter(Endpoint.CHAT, "rec" + found.promptSha256().substring(0, 24),
                clock.instant().getEpochSecond(), found.model(), "fp_recorded",
                body.path("stream_options").path("include_usage").asBoolean(false));
        Long tokens = found.tokens();
        Long promptTokens = found.promptTokens();
        AnswerWriter.Tokens usage = tokens == null || promptTokens == null
                ? null
                : new AnswerWriter.Tokens(promptTokens, 0, tokens);
        String finish = found.finishReason() == null ? "stop" : found.finishReason();
        if (pace == null) {
            return new Playback(writer, pieces, finish, usage, Duration.ZERO, Duration.ZERO, synthetic(found));
        }
        Double total = found.latencyMillis();
        if (total == null) {
            return new Playback(writer, pieces, finish, usage, pace.firstToken(found.model() + found.promptSha256()),
                    pace.perToken(), synthetic(found));
        }
        Double first = found.firstTokenMillis();
        Duration firstToken = millis(first == null ? total / 2 : Math.min(first, total));
        Duration rest = millis(total).minus(firstToken);
        return new Playback(writer, pieces, finish, usage, firstToken,
                pieces.isEmpty() ? Duration.ZERO : rest.dividedBy(pieces.size()), synthetic(found));
    }

    /** An answer that comes at once has no latency of the model's either. */
    private List<String> synthetic(Recording found) {
        List<String> unmeasured = found.unmeasured();
        return pace != null || unmeasured.contains("latency")
                ? unmeasured
                : Stream.concat(unmeasured.stream(), Stream.of("latency")).toList();
    }

    private static Duration millis(double millis) {
        return Duration.ofNanos(Math.round(millis * 1e6));
    }
}
