package dev.pareto.proxy.cascade;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.policies.cascade.CascadePlan;
import dev.pareto.proxy.LiveConfig;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Script;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Cascades through a whole gateway: what callers get, what vendors are asked, what the books say. */
final class CascadeTest {

    private static final FakeVendor STRONG = new FakeVendor();
    private static final FakeVendor WEAK = new FakeVendor();
    private static final FakeVendor OTHER = new FakeVendor();
    private static Gateway gateway;
    private static int asked;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        gateway = Gateway.start(folder,
                """
                vendors:
                  openai: {dialect: openai, url: '%1$s', retries: 0}
                  weak: {dialect: openai, url: '%2$s', open: true, retries: 0, circuit-breaker: {failure-rate: 100 %%, window: 1000}, models: {
                         tiny: {can: [chat, completion, tools, log-probabilities], prices: [{from: 2020-01-01, input: 1, output: 2}]}}}
                  other: {dialect: openai, url: '%3$s', open: true, retries: 0, circuit-breaker: {failure-rate: 100 %%, window: 1000}, models: {
                         small: {prices: [{from: 2020-01-01, input: 1, output: 2}]}, spare: {can: [chat, log-probabilities]}}}
                routes:
                  bounds: {candidates: [openai/gpt-4o, weak/tiny], cascade: {first: weak/tiny, explore: 100 %%, within: 2 s,
                           accept: {log-probability: {mean: -1}}}}
                  agree: {candidates: [openai/gpt-4o, weak/tiny], cache: {ttl: 10 min}, cascade: {first: weak/tiny, explore: 100 %%,
                          max-answer: 10 kB, accept: {second: {model: other/small}}}}
                  again: {candidates: [openai/gpt-4o, weak/tiny], cascade: {first: weak/tiny, explore: 100 %%,
                          accept: {second: {model: weak/tiny, temperature: 0.7}}}}
                  few: {candidates: [openai/gpt-4o, weak/tiny], cascade: {first: weak/tiny, explore: 100 %%,
                        accept: {verifier: {labels: '%4$s', margin: 5 pp}}}}
                  spare: {candidates: [openai/gpt-4o, other/spare], cascade: {first: other/spare, explore: 100 %%, when-late: refuse,
                          accept: {log-probability: {mean: -0.5}, verifier: {labels: '%4$s', at-least: 1 %%}}}}
                """
                        .formatted(STRONG.url(), WEAK.url(), OTHER.url(),
                                Files.write(folder.resolve("labels.jsonl"), labels())));
    }

    /** Enough for a stated threshold and too few for a promise. */
    private static List<String> labels() {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            boolean right = i % 3 > 0;
            for (String first : List.of("weak/tiny", "other/spare")) {
                labels.add(
                        "{\"id\":\"%s%d\",\"prompt\":\"What is %d + 1?\",\"models\":{\"openai/gpt-4o\":{\"score\":1},\"%s\":{\"score\":%s,\"output\":\"#### %d\"}}}"
                                .formatted(first, i, i, first, right, i + (right ? 1 : 4)));
            }
        }
        return labels;
    }

    @AfterAll
    static void stop() {
        gateway.close();
        STRONG.close();
        WEAK.close();
        OTHER.close();
    }

    @BeforeEach
    void asUsual() {
        for (FakeVendor vendor : List.of(STRONG, WEAK, OTHER)) {
            vendor.forget();
        }
        STRONG.answers(request -> says(request, "The answer is 42.", -0.1));
        WEAK.answers(request -> says(request, "The answer is 42.", -0.1));
        OTHER.answers(request -> says(request, "I make it 42", -0.1));
    }

    /** What a vendor of OpenAI's dialect answers, log-probabilities where they were asked for. */
    private static Script says(FakeVendor.Seen request, String text, double logprob) {
        boolean told = request.body().contains("\"logprobs\":true");
        String logprobs = told
                ? "{\"content\":[{\"token\":\"x\",\"logprob\":%s,\"bytes\":null,\"top_logprobs\":[]}],\"refusal\":null}"
                        .formatted(logprob)
                : "null";
        if (!request.body().contains("\"stream\":true")) {
            return Script.json(200,
                    """
                    {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant",\
                    "content":"%s","refusal":null},"logprobs":%s,"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}"""
                            .formatted(text, logprobs));
        }
        Script script = Script.events();
        for (String word : text.split("(?<= )", -1)) {
            script = script.then(Duration.ZERO, chunk("{\"content\":\"" + word + "\"}", logprobs, "null"));
        }
        return script.then(Duration.ZERO, chunk("{}", "null", "\"stop\""))
                .then(Duration.ZERO,
                        request.body().contains("include_usage")
                                ? "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15}}\n\n"
                                : "")
                .then(Duration.ZERO, "data: [DONE]\n\n");
    }

    private static String chunk(String delta, String logprobs, String finish) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
                + delta + ",\"logprobs\":" + logprobs + ",\"finish_reason\":" + finish + "}]}\n\n";
    }

    private static String body(String route, boolean stream, String more) {
        return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"question %d\"}]%s%s}".formatted(route,
                asked++,
                stream ? ",\"stream\":true" : "", more);
    }

    private static HttpResponse<byte[]> ask(String route, boolean stream) {
        return gateway.post("/v1/chat/completions", body(route, stream, ""));
    }

    private static String model(HttpResponse<byte[]> response) {
        return response.headers().firstValue("Pareto-Model").orElse("none");
    }

    private static String reason(HttpResponse<byte[]> response) {
        return response.headers().firstValue("Pareto-Reason").orElse("none");
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String id(HttpResponse<byte[]> response) {
        return response.headers().firstValue("Pareto-Request-Id").orElseThrow();
    }

    private static List<String> rows(HttpResponse<byte[]> response) {
        gateway.attempts();
        return JdbcClient.create(gateway.bean(SqliteStore.class).reads())
                .sql("SELECT role || ' ' || model || ' ' || state || ' ' || COALESCE(cost_pico > 0, 'unpriced') FROM attempt WHERE request_id = ? ORDER BY attempt_no")
                .param(id(response))
                .query((row, number) -> row.getString(1))
                .list();
    }

    private static JsonNode decision(HttpResponse<byte[]> response) {
        gateway.attempts();
        return JsonMapper.shared()
                .readTree(JdbcClient.create(gateway.bean(SqliteStore.class).reads())
                        .sql("SELECT json FROM decision WHERE request_id = ?")
                        .param(id(response))
                        .query(String.class)
                        .single())
                .path("cascade");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerThatPassesIsTheCallers(boolean stream) {
        HttpResponse<byte[]> response = ask("bounds", stream);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(model(response)).isEqualTo("weak/tiny");
        assertThat(reason(response)).isEqualTo("cascade: weak/tiny passed log-probability");
        assertThat(STRONG.seen()).isEmpty();
        assertThat(WEAK.seen()).hasSize(1);
        assertThat(WEAK.seen().getFirst().body()).contains("\"logprobs\":true");
        assertThat(text(response)).as("nobody asked for them").doesNotContain("-0.1").contains("\"logprobs\":null");
        assertThat(text(response)).contains("42");
        if (stream) {
            assertThat(text(response)).endsWith("data: [DONE]\n\n").doesNotContain("usage");
        } else {
            assertThat(response.headers().firstValue("Pareto-Cost-Usd")).contains("0.00002");
        }
        assertThat(rows(response)).containsExactly("CASCADE weak/tiny SETTLED 1");
        JsonNode decision = decision(response);
        assertThat(decision.path("outcome").asString()).isEqualTo("accepted");
        assertThat(decision.path("escalated").asBoolean(true)).isFalse();
        assertThat(decision.at("/tests/1/test").asString()).isEqualTo("log-probability");
        assertThat(decision.at("/tests/1/outcome").asString()).isEqualTo("PASSED");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDoubtedAnswerIsNeverSeenAndTheOtherModelAnswers(boolean stream) {
        WEAK.answers(request -> says(request, "Perhaps 41?", -3));

        HttpResponse<byte[]> response = ask("bounds", stream);

        assertThat(model(response)).isEqualTo("openai/gpt-4o");
        assertThat(reason(response)).isEqualTo(
                "cascade: openai/gpt-4o, for weak/tiny was doubted (log-probability: mean -3.00 < -1.00)");
        assertThat(text(response)).contains("42").doesNotContain("Perhaps", "41");
        assertThat(STRONG.seen().getFirst().body()).doesNotContain("logprobs");
        assertThat(rows(response)).containsExactly("CASCADE_REJECTED weak/tiny SETTLED 1",
                "ESCALATION openai/gpt-4o SETTLED 1");
        assertThat(decision(response).path("outcome").asString()).isEqualTo("escalated");
        assertThat(decision(response).path("why").asString()).isEqualTo("log-probability: mean -3.00 < -1.00");
        if (!stream) {
            assertThat(response.headers().firstValue("Pareto-Cost-Usd")).as("of both: 0.00002 and 0.000075")
                    .contains("0.000095");
            assertThat(JsonMapper.shared().readTree(response.body()).at("/usage/total_tokens").asInt())
                    .as("of the one that is served")
                    .isEqualTo(15);
        }
    }

    @Test
    void whoAsksForLogProbabilitiesGetsThem() {
        HttpResponse<byte[]> response = gateway.post("/v1/chat/completions",
                body("bounds", false, ",\"logprobs\":true"));

        assertThat(text(response)).contains("\"logprob\":-0.1");
    }

    @ParameterizedTest
    @CsvSource({"I make it 42, weak/tiny", "It must be 43, openai/gpt-4o"})
    void aSecondOpinionDecides(String second, String served) {
        OTHER.answers(request -> says(request, second, -0.1));

        HttpResponse<byte[]> response = ask("agree", false);

        assertThat(model(response)).isEqualTo(served);
        boolean accepted = served.equals("weak/tiny");
        assertThat(rows(response)).containsExactlyElementsOf(accepted
                ? List.of("CASCADE weak/tiny SETTLED 1", "SECOND_OPINION other/small SETTLED 1")
                : List.of("CASCADE_REJECTED weak/tiny SETTLED 1", "SECOND_OPINION other/small SETTLED 1",
                        "ESCALATION openai/gpt-4o SETTLED 1"));
        assertThat(reason(response)).contains(accepted ? "passed agreement" : "the second opinion disagrees");
        assertThat(response.headers().firstValue("Pareto-Cost-Usd")).contains(accepted ? "0.00004" : "0.000115");
    }

    @Test
    void theSameModelIsAskedAgainWithAnotherTemperature() {
        ask("again", false);

        assertThat(WEAK.seen()).hasSize(2);
        assertThat(WEAK.seen().stream().map(FakeVendor.Seen::body).filter(body -> body.contains("\"temperature\":0.7")))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {"500 | failed: status 500", "429 | failed: status 429", "400 | failed: status 400"})
    void aFirstModelThatFailsIsNotAskedAgain(int status, String why) {
        WEAK.answers(Script.json(status, "{\"error\":{\"message\":\"no\"}}"));

        HttpResponse<byte[]> response = ask("bounds", false);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(model(response)).isEqualTo("openai/gpt-4o");
        assertThat(reason(response)).contains(why);
        assertThat(WEAK.seen()).hasSize(1);
        assertThat(rows(response).getFirst()).startsWith("CASCADE_REJECTED weak/tiny FAILED");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFirstModelThatIsSilentOrBreaksOffIsNotWaitedFor(boolean silent) {
        WEAK.answers(request -> silent
                ? Script.events().ending(Script.End.HANG)
                : Script.events(chunk("{\"content\":\"The\"}", "null", "null")).ending(Script.End.CUT));

        HttpResponse<byte[]> response = ask("bounds", true);

        assertThat(model(response)).isEqualTo("openai/gpt-4o");
        assertThat(text(response)).endsWith("data: [DONE]\n\n").doesNotContain("error");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            value = {"`` | form: empty", "I'm sorry, but I can't help with that. | form: a refusal"})
    void anAnswerWithoutFormIsDoubtedWhateverTheSecondOpinionSays(String said, String why) {
        WEAK.answers(request -> says(request, said, -0.1));
        OTHER.answers(request -> says(request, said, -0.1));

        assertThat(reason(ask("agree", false))).contains(why);
    }

    @Test
    void jsonAndToolArgumentsMustKeepToTheirSchemas() {
        String json = ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":"
                + "{\"type\":\"object\",\"required\":[\"total\"],\"properties\":{\"total\":{\"type\":\"integer\"}}}}}";
        WEAK.answers(request -> says(request, "{\\\"total\\\": 7}", -0.1));
        OTHER.answers(request -> says(request, "{\\\"total\\\":7}", -0.1));
        assertThat(model(gateway.post("/v1/chat/completions", body("agree", false, json)))).isEqualTo("weak/tiny");
        WEAK.answers(request -> says(request, "{\\\"total\\\": \\\"7\\\"}", -0.1));
        assertThat(reason(gateway.post("/v1/chat/completions", body("agree", false, json))))
                .contains("form: not as its schema");
        WEAK.answers(request -> says(request, "total: 7", -0.1));
        assertThat(reason(gateway.post("/v1/chat/completions", body("agree", false, json)))).contains("form: no JSON");

        String tools = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\",\"required\":[\"a\"]}}}]";
        WEAK.answers(calls("f", "{\\\"a\\\":1}"));
        OTHER.answers(calls("f", "{ \\\"a\\\": 1 }"));
        assertThat(model(gateway.post("/v1/chat/completions", body("agree", false, tools)))).isEqualTo("weak/tiny");
        WEAK.answers(calls("f", "{\\\"b\\\":1}"));
        assertThat(reason(gateway.post("/v1/chat/completions", body("agree", false, tools))))
                .contains("form: tool arguments not as their schema");
        WEAK.answers(calls("g", "{\\\"a\\\":1}"));
        assertThat(reason(gateway.post("/v1/chat/completions", body("agree", false, tools))))
                .contains("form: a call of no tool that was offered");
    }

    private static Script calls(String name, String arguments) {
        return Script.json(200,
                """
                {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,\
                "tool_calls":[{"id":"1","type":"function","function":{"name":"%s","arguments":"%s"}}]},"finish_reason":"tool_calls"}],\
                "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}"""
                        .formatted(name, arguments));
    }

    @Test
    void anAnswerLongerThanWhatIsHeldBackIsDoubted() {
        WEAK.answers(request -> says(request, "42 " + "x".repeat(20_000), -0.1));

        assertThat(reason(ask("agree", false))).contains("failed: upstream_invalid");
    }

    @Test
    void whereTheOtherModelFailsTooADoubtedAnswerStaysUnseen() {
        WEAK.answers(request -> says(request, "Perhaps 41?", -3));
        STRONG.answers(Script.json(500, "{\"error\":{\"message\":\"down\"}}"));

        HttpResponse<byte[]> response = ask("bounds", false);

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(text(response)).contains("down").doesNotContain("Perhaps");
    }

    private static void learnt(String route) {
        CascadePlan plan = Objects
                .requireNonNull(gateway.bean(LiveConfig.class).get().route(route).orElseThrow().cascade());
        Await.until("its labels are read", Duration.ofMinutes(1),
                () -> !(gateway.bean(VerifierBook.class).of(plan) instanceof VerifierBook.Learning));
    }

    private static Script slowly(Script script) {
        return new Script(script.status(), script.headers(),
                List.of(new Script.Part(Duration.ofMillis(1_100), script.parts().getFirst().text())), script.end());
    }

    @Test
    void aVerifierWithTooFewLabelsLetsNothingPassAndSaysHowManyAreMissing() {
        learnt("few");
        HttpResponse<byte[]> response = ask("few", false);

        assertThat(model(response)).isEqualTo("openai/gpt-4o");
        assertThat(reason(response)).contains("labels: 40, and 75 more are needed");
    }

    @Test
    void anAnswerThatItsVerifierLetPassIsBetterThanNone() {
        OTHER.answers(request -> says(request, "#### 42", -3));
        learnt("spare");
        assertThat(reason(ask("spare", false))).as("doubted for its log-probabilities").contains("mean -3.00 < -0.50");
        STRONG.answers(Script.json(500, "{\"error\":{\"message\":\"down\"}}"));

        HttpResponse<byte[]> kept = ask("spare", false);

        assertThat(kept.statusCode()).isEqualTo(200);
        assertThat(model(kept)).isEqualTo("other/spare");
        assertThat(reason(kept)).isEqualTo("cascade: other/spare, for openai/gpt-4o failed");
        assertThat(rows(kept)).containsExactly("CASCADE other/spare SETTLED unpriced",
                "ESCALATION openai/gpt-4o FAILED 0");
        assertThat(decision(kept).path("outcome").asString()).isEqualTo("kept");
        assertThat(decision(kept).at("/tests/2/score").isNumber()).isTrue();

        STRONG.answers(request -> says(request, "The answer is 42.", -0.1));
        STRONG.forget();
        OTHER.answers(request -> slowly(says(request, "#### 42", -3)));
        HttpResponse<byte[]> late = gateway.post("/v1/chat/completions", body("spare", false, ""),
                "Pareto-Max-Latency-Ms",
                "1000");
        assertThat(reason(late)).startsWith("cascade: other/spare, for no time is left for another");
        OTHER.answers(request -> slowly(says(request, "", -3)));
        HttpResponse<byte[]> refused = gateway.post("/v1/chat/completions", body("spare", false, ""),
                "Pareto-Max-Latency-Ms", "1000");
        assertThat(refused.statusCode()).isEqualTo(504);
        assertThat(text(refused)).contains("deadline_exceeded");
        assertThat(STRONG.seen()).isEmpty();
    }

    @Test
    void severalAnswersAreNotJudged() {
        HttpResponse<byte[]> response = gateway.post("/v1/chat/completions", body("agree", false, ",\"n\":2"));

        assertThat(model(response)).isEqualTo("openai/gpt-4o");
        assertThat(reason(response)).endsWith("; no cascade: only one answer can be judged");
        assertThat(WEAK.seen()).isEmpty();
    }

    @Test
    void anAnswerThatPassedIsKeptForTheSameQuestion() {
        String question = body("agree", false, "");
        assertThat(model(gateway.post("/v1/chat/completions", question))).isEqualTo("weak/tiny");
        HttpResponse<byte[]> again = gateway.post("/v1/chat/completions", question);

        assertThat(again.headers().firstValue("Pareto-Cache")).contains("hit");
        assertThat(model(again)).isEqualTo("weak/tiny");
        assertThat(WEAK.seen()).hasSize(1);
    }

    @Test
    void aCallerWhoLeavesEndsEveryCall() throws Exception {
        WEAK.answers(Script.events().ending(Script.End.HANG));
        OTHER.answers(Script.events().ending(Script.End.HANG));
        CompletableFuture<HttpResponse<byte[]>> call = gateway.client()
                .sendAsync(gateway.request("/v1/chat/completions", body("agree", true, "")),
                        HttpResponse.BodyHandlers.ofByteArray());
        Await.until("both are asked", () -> WEAK.running() == 1 && OTHER.running() == 1);

        call.cancel(true);

        assertThat(WEAK.left().poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(OTHER.left().poll(10, TimeUnit.SECONDS)).isNotNull();
        Await.until("nothing is open", () -> gateway.openAttempts() == 0);
        assertThat(STRONG.seen()).isEmpty();
    }

    @Test
    void completionsAreJudgedToo() {
        WEAK.answers(request -> Script.json(200,
                """
                {"id":"c","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":" 42","finish_reason":"stop",\
                "logprobs":{"tokens":[" 42"],"token_logprobs":[%s],"top_logprobs":null,"text_offset":[0]}}]}"""
                        .formatted(request.body().contains("sure") ? "-0.2" : "-5")));
        STRONG.answers(Script.json(200,
                "{\"id\":\"c\",\"object\":\"text_completion\",\"choices\":[{\"index\":0,\"text\":\" 43\",\"finish_reason\":\"stop\"}]}"));

        HttpResponse<byte[]> sure = gateway.post("/v1/completions", "{\"model\":\"bounds\",\"prompt\":\"sure\"}");
        HttpResponse<byte[]> other = gateway.post("/v1/completions", "{\"model\":\"bounds\",\"prompt\":\"not\"}");

        assertThat(WEAK.seen().getFirst().body()).contains("\"logprobs\":0");
        assertThat(text(sure)).contains(" 42").contains("\"logprobs\":null");
        assertThat(text(other)).contains(" 43");
    }
}
