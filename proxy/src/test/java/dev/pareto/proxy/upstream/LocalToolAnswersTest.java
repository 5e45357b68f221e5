package dev.pareto.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;

import dev.pareto.engine.FinishReason;
import dev.pareto.engine.grammar.Grammar;
import dev.pareto.engine.text.chat.ForcedCall;
import dev.pareto.engine.text.chat.TemplateTraits;
import dev.pareto.engine.text.chat.answer.AnswerFormat;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.TimeLimits;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.RequestReader;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

/** Calls and reasoning in the answers of a model that writes what the test says, in OpenAI's shape. */
final class LocalToolAnswersTest {

    private static final String TOOLS = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":"
            + "{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"integer\"}}}}},"
            + "{\"type\":\"function\",\"function\":{\"name\":\"g\"}}]";
    private static final String CALL = "<tool_call>{\"name\":\"f\",\"arguments\":{\"x\":1}}</tool_call>";

    private final AtomicReference<UpstreamAnswer> answer = new AtomicReference<>();

    private FakeModel send(String template, String fields) {
        return send(template, "", fields);
    }

    private FakeModel send(String template, String open, String fields) {
        var format = AnswerFormat.of(template);
        var model = new FakeModel(4, new TemplateTraits(format, !template.isEmpty(), false, !template.isEmpty(), true,
                false, true, true, Set.of("enable_thinking"), false), open);
        byte[] body = ("{\"model\":\"local/fake\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]," + fields
                + "}")
                .getBytes(StandardCharsets.UTF_8);
        var upstream = new LocalUpstream(() -> model, () -> "fp_1", new Grammars(1), Runnable::run,
                InstantSource.fixed(Instant.EPOCH), new SplittableRandom(1));
        upstream.send(new UpstreamCall(new Model(new ModelId("local", "fake"), true, null, Set.of()),
                RequestReader.read(Endpoint.CHAT, body), body, new DefaultHttpHeaders(), TimeLimits.DEFAULT, "t"))
                .subscribe(answer::set);
        return model;
    }

    private static void write(FakeModel model, String... pieces) {
        for (String piece : pieces) {
            model.told.getFirst().text(piece, -1);
        }
        model.told.getFirst().finish(FinishReason.STOP, 9);
    }

    private JsonNode body() {
        return Json.mapper().readTree(Objects.requireNonNull(answer.get().body().blockFirst()));
    }

    private JsonNode choice() {
        return body().path("choices").get(0);
    }

    private List<JsonNode> deltas() {
        List<JsonNode> deltas = new ArrayList<>();
        answer.get().body().subscribe(bytes -> {
            String data = new String(bytes, StandardCharsets.UTF_8).substring("data: ".length()).strip();
            if (!data.equals("[DONE]")) {
                deltas.add(Json.mapper().readTree(data).path("choices").get(0));
            }
        });
        return deltas;
    }

    @Test
    void aCallIsToldInOpenAisShape() {
        FakeModel model = send("<tool_call>", TOOLS);
        write(model, "I look. ", CALL);

        JsonNode message = choice().path("message");
        assertThat(message.path("content").asString()).isEqualTo("I look. ");
        assertThat(message.path("tool_calls")).hasSize(1);
        JsonNode call = message.path("tool_calls").get(0);
        assertThat(call.path("id").asString()).matches("call_[0-9A-Za-z]{24}");
        assertThat(call.path("type").asString()).isEqualTo("function");
        assertThat(call.path("function").path("name").asString()).isEqualTo("f");
        assertThat(call.path("function").path("arguments").asString()).isEqualTo("{\"x\":1}");
        assertThat(choice().path("finish_reason").asString()).isEqualTo("tool_calls");
        assertThat(model.offered).hasSize(2);
        assertThat(model.told.getFirst().request.shown()).containsExactly(7);
    }

    @Test
    void anAnswerThatOnlyCallsHasNoContent() {
        write(send("<tool_call>", TOOLS), CALL, "\n", CALL);

        assertThat(choice().path("message").path("content").isNull()).isTrue();
        assertThat(choice().path("message").path("tool_calls")).hasSize(2);
        assertThat(choice().path("message").path("tool_calls").get(0).path("id"))
                .isNotEqualTo(choice().path("message").path("tool_calls").get(1).path("id"));
    }

    @Test
    void onlyOneCallIsToldWhereTheCallerWantsNoSeveral() {
        write(send("<tool_call>", TOOLS + ",\"parallel_tool_calls\":false"), CALL, CALL);

        assertThat(choice().path("message").path("tool_calls")).hasSize(1);
    }

    @Test
    void aStreamTellsTheCallAsItGrows() {
        FakeModel model = send("<tool_call>", TOOLS + ",\"stream\":true");
        List<JsonNode> deltas = deltas();
        write(model, "<tool_", "call>{\"name\":\"f\",", "\"arguments\":{\"x\"", ":1}}</tool_call>");

        assertThat(deltas).hasSize(5);
        assertThat(deltas.get(0).path("delta").path("role").asString()).isEqualTo("assistant");
        JsonNode first = deltas.get(1).path("delta").path("tool_calls").get(0);
        assertThat(first.path("index").asInt()).isZero();
        assertThat(first.path("id").asString()).startsWith("call_");
        assertThat(first.path("function").path("name").asString()).isEqualTo("f");
        assertThat(first.path("function").path("arguments").asString()).isEmpty();
        JsonNode next = deltas.get(2).path("delta").path("tool_calls").get(0);
        assertThat(next.propertyNames()).containsExactly("index", "function");
        assertThat(next.path("function").path("arguments").asString()).isEqualTo("{\"x\"");
        assertThat(deltas.get(3).path("delta").path("tool_calls").get(0).path("function").path("arguments").asString())
                .isEqualTo(":1}");
        assertThat(deltas.get(4).path("finish_reason").asString()).isEqualTo("tool_calls");
    }

    @Test
    void reasoningStandsBesideTheContent() {
        write(send("<think>", "\"reasoning_effort\":\"low\""), "<think>\nhm", "m\n</think>\n\nHello");

        assertThat(choice().path("message").path("reasoning_content").asString()).isEqualTo("hmm");
        assertThat(choice().path("message").path("content").asString()).isEqualTo("Hello");
        assertThat(choice().path("finish_reason").asString()).isEqualTo("stop");
        assertThat(body().path("usage").path("completion_tokens_details").path("reasoning_tokens").asInt())
                .isEqualTo(3);
    }

    @Test
    void logprobsGoWithTheContent() {
        write(send("<think>", "\"logprobs\":true"), "<think>", "hm", "</think>", "Hel", "lo");

        assertThat(choice().path("logprobs").path("content").valueStream().map(token -> token.path("token").asString()))
                .containsExactly("Hel", "lo");
    }

    @Test
    void logprobsOfWhatOnlyLookedLikeACallGoWithTheContent() {
        write(send("<tool_call>", TOOLS + ",\"logprobs\":true"), "\n", "<tool_call>", "no", " JSON");

        assertThat(choice().path("message").path("content").asString()).isEqualTo("\n<tool_call>no JSON");
        assertThat(choice().path("logprobs").path("content").valueStream().map(token -> token.path("token").asString()))
                .containsExactly("\n", "<tool_call>", "no", " JSON");
    }

    @Test
    void aNamedToolIsForcedByItsSchema() {
        FakeModel model = send("<tool_call>",
                TOOLS + ",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}");
        write(model, "{\"x\":", "5}");

        assertThat(model.forced).isEqualTo(new ForcedCall("f"));
        assertThat(model.told.getFirst().request.grammar()).isNotNull();
        assertThat(choice().path("message").path("tool_calls").get(0).path("function").path("arguments").asString())
                .isEqualTo("{\"x\":5}");
        assertThat(choice().path("finish_reason").asString()).isEqualTo("tool_calls");
    }

    private static final String FORMAT = "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\","
            + "\"schema\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]}}}";
    private static final String CALL_OF_F = "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"x\":1}}\n</tool_call>";

    private static Grammar grammar(FakeModel model) {
        return Objects.requireNonNull(model.told.getFirst().request.grammar());
    }

    @Test
    void aFormatDoesNotKeepTheModelFromCalling() {
        FakeModel model = send("<tool_call>", TOOLS + "," + FORMAT);
        var followed = new Followed("");

        assertThat(followed.may(grammar(model), "{\"a\": 5}")).isTrue();
        assertThat(followed.may(grammar(model), CALL_OF_F)).isTrue();
        assertThat(followed.may(grammar(model), CALL_OF_F + "\n" + CALL_OF_F.replace("\"f\"", "\"g\""))).isTrue();
        assertThat(followed.may(grammar(model), "Hello")).isFalse();
        assertThat(followed.may(grammar(model), "{\"a\": 5}" + CALL_OF_F)).isFalse();
        assertThat(followed.may(grammar(model), CALL_OF_F.replace("\"f\"", "\"h\""))).isFalse();
        assertThat(followed.may(grammar(model), CALL_OF_F.replace("1", "true"))).isFalse();

        write(model, CALL_OF_F);
        assertThat(choice().path("finish_reason").asString()).isEqualTo("tool_calls");
        assertThat(choice().path("message").path("tool_calls")).hasSize(1);
    }

    @Test
    void aFormatLeavesRoomForJustTheCallsThatAreWanted() {
        FakeModel one = send("<tool_call>", TOOLS + ",\"parallel_tool_calls\":false," + FORMAT);
        FakeModel none = send("<tool_call>", TOOLS + ",\"tool_choice\":\"none\"," + FORMAT);
        var followed = new Followed("");

        assertThat(followed.may(grammar(one), CALL_OF_F)).isTrue();
        assertThat(followed.may(grammar(one), CALL_OF_F + "\n" + CALL_OF_F)).isFalse();
        assertThat(followed.may(grammar(none), CALL_OF_F)).isFalse();
        assertThat(followed.may(grammar(none), "{\"a\":5}")).isTrue();
    }

    @Test
    void besideAFormatACallMayBeginWithAControlToken() {
        FakeModel model = send("[TOOL_CALLS]", TOOLS + "," + FORMAT);
        var followed = new Followed("[TOOL_CALLS]");

        assertThat(followed.may(grammar(model), "[TOOL_CALLS][{\"name\": \"f\", \"arguments\": {\"x\":1}}]")).isTrue();
        assertThat(followed.may(grammar(model), "{\"a\": [TOOL_CALLS]}")).isFalse();
    }

    @Test
    void aToolThatNoGrammarHoldsMayStillBeCalledBesideAFormat() {
        FakeModel model = send("<tool_call>", TOOLS.replace("\"x\":{\"type\":\"integer\"}", "\"x\":{\"not\":{}}")
                + "," + FORMAT);

        assertThat(new Followed("").may(grammar(model), CALL_OF_F)).isTrue();
    }

    @Test
    void aFormatHoldsBehindTheReasoningThatThePromptBegan() {
        FakeModel model = send("<think>", "<think>\n", FORMAT);
        var followed = new Followed("");

        assertThat(followed.may(grammar(model), "so </thin\n</think>\n\n{\"a\":5}")).isTrue();
        assertThat(followed.may(grammar(model), "so </think>\n\nfive")).isFalse();
        assertThat(followed.may(grammar(model), "{\"a\":5}")).isFalse();

        write(model, "so", "</think>", "\n\n{\"a\":5}");
        assertThat(choice().path("message").path("reasoning_content").asString()).isEqualTo("so");
        assertThat(choice().path("message").path("content").asString()).isEqualTo("{\"a\":5}");
    }

    @Test
    void aModelThatMayThinkMayDoSoBeforeItFollowsAFormat() {
        FakeModel model = send("<think>", "<|im_start|>assistant\n", FORMAT);
        var followed = new Followed("<think>");

        assertThat(followed.may(grammar(model), "{\"a\":5}")).isTrue();
        assertThat(followed.may(grammar(model), "<think>\n{so\n</think>\n\n{\"a\":5}")).isTrue();
        assertThat(followed.may(grammar(model), "<think>\nso\n</think>\n\nfive")).isFalse();
        assertThat(followed.may(grammar(model), "<think>\nso")).isFalse();
        assertThat(followed.may(grammar(model), "so</think>{\"a\":5}")).isFalse();

        write(model, "<think>", "\nso\n", "</think>", "\n\n{\"a\":5}");
        assertThat(choice().path("message").path("reasoning_content").asString()).isEqualTo("so");
        assertThat(choice().path("message").path("content").asString()).isEqualTo("{\"a\":5}");
    }

    @Test
    void aFormatHoldsAtOnceBehindReasoningThatThePromptHasClosed() {
        FakeModel model = send("<think>", "<think>\n\n</think>\n\n", FORMAT);
        var followed = new Followed("");

        assertThat(followed.may(grammar(model), "{\"a\":5}")).isTrue();
        assertThat(followed.may(grammar(model), "<think>so</think>{\"a\":5}")).isFalse();
    }

    @Test
    void whoAsksForNoReasoningGetsNoneBeforeAFormat() {
        FakeModel model = send("<think>", "<|im_start|>assistant\n", "\"reasoning_effort\":\"none\"," + FORMAT);
        var followed = new Followed("");

        assertThat(followed.may(grammar(model), "{\"a\":5}")).isTrue();
        assertThat(followed.may(grammar(model), "<think>so</think>{\"a\":5}")).isFalse();
    }

    private static final String ANALYSIS = "<|channel|>analysis<|message|>so<|end|><|start|>assistant";

    @Test
    void theFinalMessageOfHarmonyFollowsTheFormat() {
        FakeModel model = send("<|channel|><|message|>", "<|start|>assistant", FORMAT);
        var followed = new Followed("<|channel|>");

        assertThat(followed.may(grammar(model), ANALYSIS + "<|channel|>final<|message|>{\"a\":5}")).isTrue();
        assertThat(followed.may(grammar(model), ANALYSIS + "<|channel|>final <|constrain|>json<|message|>{\"a\":5}"))
                .isTrue();
        assertThat(followed.may(grammar(model), "<|channel|>final<|message|>{\"a\":5}")).isTrue();
        assertThat(followed.may(grammar(model), "<|channel|>final<|message|>five")).isFalse();
        assertThat(followed.may(grammar(model), "<|channel|>commentary<|message|>{\"a\":5}")).isFalse();
        assertThat(followed.may(grammar(model), ANALYSIS)).isFalse();
        assertThat(followed.may(grammar(model), "{\"a\":5}")).isFalse();

        write(model, ANALYSIS, "<|channel|>final<|message|>", "{\"a\":5}");
        assertThat(choice().path("message").path("reasoning_content").asString()).isEqualTo("so");
        assertThat(choice().path("message").path("content").asString()).isEqualTo("{\"a\":5}");
    }

    @Test
    void besideAFormatHarmonyMayCallATool() {
        FakeModel model = send("<|channel|><|message|>", "<|start|>assistant", TOOLS + "," + FORMAT);
        var followed = new Followed("");
        String call = ANALYSIS + "<|channel|>commentary to=functions.f <|constrain|>json<|message|>{\"x\":1}";

        assertThat(followed.may(grammar(model), call)).isTrue();
        assertThat(followed.may(grammar(model), call.replace("functions.f", "functions.h"))).isFalse();
        assertThat(followed.may(grammar(model), call.replace("1", "true"))).isFalse();
        assertThat(followed.may(grammar(model), "<|channel|>final<|message|>{\"a\":5}")).isTrue();

        write(model, call);
        assertThat(choice().path("finish_reason").asString()).isEqualTo("tool_calls");
        assertThat(choice().path("message").path("tool_calls")).hasSize(1);
    }

    @Test
    void oneOfSeveralToolsIsForcedByAllTheirSchemas() {
        FakeModel model = send("<tool_call>", TOOLS + ",\"tool_choice\":\"required\"");
        write(model, "{\"name\":\"g\",\"arguments\":{}}");

        assertThat(model.told.getFirst().request.grammar()).isNotNull();
        assertThat(choice().path("message").path("tool_calls").get(0).path("function").path("name").asString())
                .isEqualTo("g");
    }

    @Test
    void withoutToolsNothingIsReadAsACall() {
        FakeModel model = send("<tool_call>", TOOLS + ",\"tool_choice\":\"none\"");
        write(model, CALL);

        assertThat(model.offered).isEmpty();
        assertThat(model.told.getFirst().request.shown()).isEmpty();
        assertThat(choice().path("message").path("content").asString()).isEqualTo(CALL);
    }

    @Test
    void variablesOfTheTemplateAreHandedOver() {
        FakeModel model = send("<think>",
                "\"reasoning_effort\":\"none\",\"chat_template_kwargs\":{\"level\":\"x\"}");

        assertThat(model.variables).isEqualTo(Map.of("enable_thinking", false, "level", "x"));
    }

    @Test
    void aModelWhoseTemplateKnowsNoToolsRefusesThem() {
        send("", TOOLS);

        assertThat(answer.get().status()).isEqualTo(400);
        assertThat(body().path("error").path("code").asString()).isEqualTo("unsupported_parameter");
        assertThat(body().path("error").path("param").asString()).isEqualTo("tools");
        assertThat(body().path("error").path("message").asString()).contains("its chat template knows no tools");
    }

    @Test
    void aSchemaThatNoGrammarHoldsIsRefusedByItsPlace() {
        send("<tool_call>",
                "\"tool_choice\":\"required\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\","
                        + "\"parameters\":{\"type\":\"object\",\"not\":{}}}}]");

        assertThat(answer.get().status()).isEqualTo(400);
        assertThat(body().path("error").path("param").asString()).isEqualTo("tools[0].function.parameters");
    }
}
