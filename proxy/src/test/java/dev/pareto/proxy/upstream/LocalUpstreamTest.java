package dev.pareto.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.FinishReason;
import dev.pareto.engine.LoadedModel;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.TimeLimits;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.RequestReader;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

import tools.jackson.databind.JsonNode;

/** Several answers to one request, told by a model that does what the test says. */
final class LocalUpstreamTest {

    private final FakeModel model = new FakeModel(4);
    private Supplier<LoadedModel> lender = () -> model;
    private final AtomicReference<UpstreamAnswer> answer = new AtomicReference<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private Disposable send(Endpoint endpoint, String fields) {
        byte[] body = ("{\"model\":\"local/fake\"," + fields + "}").getBytes(StandardCharsets.UTF_8);
        var upstream = new LocalUpstream(() -> lender.get(), () -> "fp_1", new Grammars(1), Runnable::run,
                InstantSource.fixed(Instant.EPOCH), new SplittableRandom(1));
        return upstream.send(new UpstreamCall(new Model(new ModelId("local", "fake"), true, null, Set.of()),
                RequestReader.read(endpoint, body), body, new DefaultHttpHeaders(), TimeLimits.DEFAULT, "t"))
                .subscribe(answer::set, failure::set);
    }

    private void chat(String fields) {
        send(Endpoint.CHAT, "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]," + fields);
    }

    private JsonNode whole() {
        return Json.mapper().readTree(Objects.requireNonNull(answer.get().body().blockFirst()));
    }

    /** What arrives of a stream; the list grows with it. */
    private List<JsonNode> events() {
        List<JsonNode> events = new ArrayList<>();
        answer.get().body().subscribe(bytes -> {
            String data = new String(bytes, StandardCharsets.UTF_8).substring("data: ".length()).strip();
            events.add(data.equals("[DONE]") ? Json.mapper().createObjectNode() : Json.mapper().readTree(data));
        }, failure::set);
        return events;
    }

    private static List<String> told(List<JsonNode> events) {
        return events.stream()
                .filter(event -> !event.path("choices").isEmpty())
                .map(event -> event.path("choices").get(0))
                .map(choice -> choice.path("index").asInt() + ":"
                        + (choice.path("finish_reason").isString()
                                ? choice.path("finish_reason").asString()
                                : choice.path("delta").path("content").asString()))
                .toList();
    }

    @Test
    void severalAnswersComeInTheirOrderWithThePromptCountedOnce() {
        chat("\"n\":3");
        model.told.get(2).text("c", -1);
        model.told.get(2).finish(FinishReason.LENGTH, 4);
        model.told.get(0).text("a", -1);
        model.told.get(0).finish(FinishReason.STOP, 2);
        model.told.get(1).text("b", -1);
        assertThat(answer).as("one is still missing").hasNullValue();
        model.told.get(1).finish(FinishReason.STOP, 3);

        JsonNode whole = whole();
        assertThat(whole.path("choices").valueStream().map(choice -> choice.path("message").path("content").asString()))
                .containsExactly("a", "b", "c");
        assertThat(whole.path("choices").valueStream().map(choice -> choice.path("index").asInt()))
                .containsExactly(0, 1, 2);
        assertThat(whole.path("choices").valueStream().map(choice -> choice.path("finish_reason").asString()))
                .containsExactly("stop", "stop", "length");
        assertThat(whole.path("usage").path("prompt_tokens").asInt()).isEqualTo(5);
        assertThat(whole.path("usage").path("completion_tokens").asInt()).isEqualTo(9);
        assertThat(whole.path("usage").path("total_tokens").asInt()).isEqualTo(14);
    }

    @Test
    void streamedAnswersAreInterleavedByIndexWithOneUsageAtTheEnd() {
        chat("\"n\":2,\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        List<JsonNode> events = events();
        model.told.get(1).text("b", -1);
        model.told.get(0).text("a", -1);
        model.told.get(1).text("B", -1);
        model.told.get(1).finish(FinishReason.LENGTH, 2);
        model.told.get(0).finish(FinishReason.STOP, 1);

        assertThat(told(events)).containsExactly("1:", "1:b", "0:", "0:a", "1:B", "1:length", "0:stop");
        assertThat(events).hasSize(9);
        assertThat(events.get(7).path("choices")).isEmpty();
        assertThat(events.get(7).path("usage").path("completion_tokens").asInt()).isEqualTo(3);
        assertThat(events.get(7).path("usage").path("prompt_tokens").asInt()).isEqualTo(5);
        assertThat(events.subList(0, 7)).allMatch(event -> event.path("usage").isNull());
        assertThat(events.get(8)).as("[DONE]").isEmpty();
        assertThat(failure).hasNullValue();
    }

    @Test
    void theLikeliestOfSeveralIsToldAndAllArePaidFor() {
        send(Endpoint.COMPLETIONS, "\"prompt\":\"Hi\",\"best_of\":3,\"n\":1");
        model.told.get(0).text("worse", -2);
        model.told.get(1).text("best", -0.5);
        model.told.get(1).text("!", -0.7);
        for (FakeModel.Told one : model.told) {
            one.finish(FinishReason.STOP, 2);
        }

        JsonNode whole = whole();
        assertThat(whole.path("choices")).hasSize(1);
        assertThat(whole.path("choices").get(0).path("text").asString()).isEqualTo("best!");
        assertThat(whole.path("choices").get(0).path("logprobs").isNull()).as("nobody asked for them").isTrue();
        assertThat(whole.path("usage").path("completion_tokens").asInt()).isEqualTo(6);
    }

    @Test
    void whoeverCancelsStopsThemAll() {
        Disposable call = send(Endpoint.COMPLETIONS, "\"prompt\":\"Hi\",\"n\":3");
        call.dispose();
        assertThat(model.told).hasSize(3).allMatch(one -> one.cancelled);

        model.told.clear();
        chat("\"n\":2,\"stream\":true");
        answer.get().body().take(1).subscribe();
        model.told.get(0).text("a", -1);
        assertThat(model.told).hasSize(2).allMatch(one -> one.cancelled);
    }

    @Test
    void whereOneFindsNoPlaceNoneIsMade() {
        chat("\"n\":5");

        assertThat(answer.get().status()).isEqualTo(503);
        assertThat(whole().path("error").path("code").asString()).isEqualTo("engine_busy");
        assertThat(model.told).hasSize(4).allMatch(one -> one.cancelled);
        model.told.forEach(one -> one.finish(FinishReason.CANCELLED, 0));
    }

    @Test
    void theFirstThatFailsEndsTheOthers() {
        chat("\"n\":2,\"stream\":true");
        List<JsonNode> events = events();
        model.told.get(0).text("a", -1);
        model.told.get(1).fail(new EngineException.ComputationFailed("no", null));
        model.told.get(0).text("more", -1);
        model.told.get(0).finish(FinishReason.CANCELLED, 2);

        assertThat(told(events)).containsExactly("0:", "0:a");
        assertThat(failure.get()).isInstanceOfSatisfying(UpstreamException.class,
                broken -> assertThat(broken.kind()).isEqualTo(UpstreamException.Kind.INCOMPLETE));
        assertThat(model.told.get(0).cancelled).isTrue();
    }

    @Test
    void oneThatIsLateMakesTheWholeAnswerLate() {
        chat("\"n\":2");
        model.told.get(0).finish(FinishReason.STOP, 1);
        model.told.get(1).finish(FinishReason.TIME_LIMIT, 1);

        assertThat(answer).hasNullValue();
        assertThatThrownBy(() -> {
            throw Objects.requireNonNull(failure.get());
        }).isInstanceOfSatisfying(UpstreamException.class,
                late -> assertThat(late.kind()).isEqualTo(UpstreamException.Kind.TOTAL));
    }

    @Test
    void aGrammarThatNoTokenFitsIsTheFormatsFault() {
        chat("\"n\":2,\"regex\":\"a\"");
        assertThat(model.told).allMatch(one -> one.request.grammar() != null);
        assertThat(model.told.get(0).request.grammar()).isSameAs(model.told.get(1).request.grammar());

        model.told.get(0).fail(new EngineException.InvalidRequest("the grammar cannot go on here"));

        assertThat(answer.get().status()).isEqualTo(400);
        assertThat(whole().path("error").path("param").asString()).isEqualTo("regex");
    }

    @Test
    void theModelIsGivenBackAsSoonAsAnswersAreBegunAndWhenTheyAreRefused() {
        chat("\"max_tokens\":3");
        assertThat(model.told).hasSize(1);
        assertThat(model.closed).isTrue();

        model.closed = false;
        chat("\"n\":8");
        assertThat(answer.get().status()).isEqualTo(503);
        assertThat(model.closed).isTrue();
    }

    @Test
    void aModelThatHasNoRoomIsRefusedForNowAndOneThatNeverFitsForGood() {
        lender = () -> {
            throw new EngineException.MemoryFull("fake", "2 GB", "9 GB", "10 GB");
        };
        chat("\"max_tokens\":3");
        assertThat(answer.get().status()).isEqualTo(503);
        assertThat(answer.get().headers().get("Retry-After")).isEqualTo("5");
        assertThat(whole().path("error").path("code").asString()).isEqualTo("model_memory_full");

        lender = () -> {
            throw new EngineException.ModelTooLarge("fake", "20 GB", "0 GB", "10 GB");
        };
        chat("\"max_tokens\":3");
        assertThat(answer.get().status()).isEqualTo(400);
        assertThat(whole().path("error").path("param").asString()).isEqualTo("model");
    }
}
