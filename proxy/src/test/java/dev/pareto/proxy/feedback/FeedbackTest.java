package dev.pareto.proxy.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

import dev.pareto.policies.swap.Outcome;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;
import dev.pareto.proxy.testing.Swapping;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What callers say of answers, through a whole gateway. */
final class FeedbackTest {

    private static final String PATH = "/pareto/v1/feedback";
    private static final String CHAT = Payloads.CHAT.replace("gpt-4o", "r");
    private static final String KEYS = ", keys: {ann: {secret: '${ANN}', tenant: ann}, bob: {secret: '${BOB}', tenant: bob}}";
    private static final Map<String, String> ENV = Map.of("ANN", "pk-pareto-ann", "BOB", "pk-pareto-bob");

    @TempDir
    private Path folder;

    private final FakeVendor openai = new FakeVendor().answers(Payloads::openAi);
    private final FakeVendor cluster = new FakeVendor().answers(Payloads::openAi);

    @AfterEach
    void close() {
        openai.close();
        cluster.close();
    }

    @Test
    void whatIsSaidOfTheCandidatesAnswersCountsOnceAndIsNobodyElses() {
        try (Gateway gateway = start("approval: manual", "")) {
            Swapping swapping = open(gateway);
            String id = ask(gateway, CHAT);

            JsonNode first = post(gateway, "ann", "{\"request_id\":\"%s\",\"score\":0,\"comment\":\"useless\"}", id,
                    200);
            assertThat(first.path("status").asString("")).isEqualTo("recorded");
            assertThat(first.path("model").asString("")).isEqualTo("cluster/tiny");
            assertThat(first.path("comment").isNull()).as("no words are kept unless somebody chose so").isTrue();
            assertThat(guard(swapping).path("seen").asInt(-1)).isEqualTo(1);
            assertThat(guard(swapping).path("bad").asDouble(-1)).isEqualTo(1);

            JsonNode again = post(gateway, "ann", "{\"request_id\":\"%s\",\"label\":\"down\"}", id, 200);
            assertThat(again.path("status").asString("")).isEqualTo("known");
            assertThat(code(post(gateway, "ann", "{\"request_id\":\"%s\",\"score\":1}", id, 409)))
                    .isEqualTo("feedback_conflict");
            assertThat(code(post(gateway, "bob", "{\"request_id\":\"%s\",\"score\":1}", id, 404)))
                    .isEqualTo("request_not_found");
            assertThat(guard(swapping).path("seen").asInt(-1)).as("once").isEqualTo(1);

            JsonNode kept = swapping.get("/api/feedback?route=r").path("feedback");
            assertThat(kept).hasSize(1);
            assertThat(kept.path(0).path("comment").isNull()).isTrue();
            assertThat(kept.at("/0/parts/0/arm").asString("")).isEqualTo("CANDIDATE");
            assertThat(kept.at("/0/parts/0/state").asString("")).isEqualTo("OPEN");
        }
    }

    @Test
    void bitterFeedbackTakesTheTrafficBackAndThatOfTheIncumbentIsTheMeasure() {
        try (Gateway gateway = start("approval: manual, holdback: 50 %", "")) {
            Swapping swapping = open(gateway);
            int candidate = 0;
            for (int i = 0; i < 200 && swapping.state().equals("OPEN"); i++) {
                HttpResponse<byte[]> answer = chat(gateway, CHAT, "Pareto-Unit", "unit-" + i);
                boolean open = answer.headers().firstValue("Pareto-Model").orElse("").equals("cluster/tiny");
                candidate += open ? 1 : 0;
                post(gateway, "ann", "{\"request_id\":\"%s\",\"score\":" + (open ? 0 : 1) + "}", id(answer), 200);
            }
            assertThat(swapping.state()).isEqualTo("ROLLED_BACK");
            assertThat(swapping.swap().path("reason").asString("")).startsWith("guard feedback");
            assertThat(candidate).isLessThan(30);
        }
    }

    @Test
    void streamedAnswersMetricsBatchesAndWordsThatAreKept() {
        try (Gateway gateway = start("approval: manual", ", feedback: {comments: true}")) {
            Swapping swapping = open(gateway);
            String one = ask(gateway, Payloads.CHAT_STREAM.replace("gpt-4o", "r"));
            String two = ask(gateway, CHAT);
            JsonNode batch = post(gateway, "ann",
                    """
                    {"feedback": [{"request_id": "%s", "label": "up", "comment": "thanks", "metrics": {"retries": 2}},
                                  {"request_id": "00000000-0000-7000-8000-000000000000", "score": 1},
                                  {"request_id": "TWO", "metrics": {"saved_eur": 12.5}}]}""".replace("TWO", two), one,
                    200);
            assertThat(batch.path("data")).hasSize(3);
            assertThat(batch.at("/data/0/status").asString("")).isEqualTo("recorded");
            assertThat(batch.at("/data/0/comment").asString("")).isEqualTo("kept");
            assertThat(batch.at("/data/1/error/code").asString("")).isEqualTo("request_not_found");
            assertThat(batch.at("/data/2/status").asString("")).isEqualTo("recorded");
            assertThat(guard(swapping).path("seen").asInt(-1)).as("a metric is no score").isEqualTo(1);
            JsonNode kept = swapping.get("/api/feedback?limit=10").path("feedback");
            assertThat(kept.valueStream().map(row -> row.path("name").asString("")).toList())
                    .containsExactly("saved_eur", "retries", "score");
            assertThat(kept.path(2).path("comment").asString("")).isEqualTo("thanks");
        }
    }

    @Test
    void aConversationIsHeardOnce() {
        try (Gateway gateway = start("approval: manual", "")) {
            Swapping swapping = open(gateway);
            for (int i = 0; i < 15; i++) {
                String id = id(chat(gateway, CHAT, "Pareto-Unit", "one"));
                assertThat(post(gateway, "ann", "{\"request_id\":\"%s\",\"label\":\"down\"}", id, 200)
                        .path("status")
                        .asString("")).isEqualTo("recorded");
            }
            assertThat(guard(swapping).path("seen").asInt(-1)).isEqualTo(1);
            assertThat(swapping.state()).isEqualTo("OPEN");
            HttpRequest twice = gateway.request("/v1/chat/completions", CHAT, "Authorization", "Bearer pk-pareto-ann",
                    "Pareto-Tags", "intent=refund,intent=shipping");
            assertThat(gateway.send(twice).statusCode()).as("a tag has one value").isEqualTo(400);
        }
    }

    @Test
    void anAnswerThatAFallbackGaveSpeaksForNeitherArm() {
        cluster.answers(Script.json(500, "{\"error\":{\"message\":\"down\"}}"));
        try (Gateway gateway = start("approval: manual", "")) {
            Swapping swapping = open(gateway);
            String id = ask(gateway, CHAT);
            JsonNode taken = post(gateway, "ann", "{\"request_id\":\"%s\",\"score\":0}", id, 200);
            assertThat(taken.path("model").asString("")).isEqualTo("openai/gpt-4o");
            assertThat(swapping.get("/api/feedback").at("/feedback/0/parts")).isEmpty();
        }
    }

    @Test
    void whatIsNotUnderstoodIsRefusedWithItsField() {
        try (Gateway gateway = start("approval: manual", "")) {
            Map<String, String> wrong = Map.of("{", "", "[]", "", "{\"score\":1}", "request_id",
                    "{\"request_id\":\"x\"}", "score", "{\"request_id\":\"x\",\"score\":2}", "score",
                    "{\"request_id\":\"x\",\"score\":\"1\"}", "score",
                    "{\"request_id\":\"x\",\"score\":1,\"label\":\"up\"}", "label",
                    "{\"request_id\":\"x\",\"label\":\"meh\"}", "label",
                    "{\"request_id\":\"x\",\"score\":1,\"rating\":5}", "rating",
                    "{\"feedback\":[{\"request_id\":\"x\",\"metrics\":{\"score\":1}}]}", "feedback[0].metrics.score");
            wrong.forEach((body, param) -> {
                JsonNode error = post(gateway, "ann", "%s", body, 400).path("error");
                assertThat(error.path("param").asString("")).as(body).isEqualTo(param);
                assertThat(error.path("message").asString("")).isNotBlank();
            });
            assertThat(code(post(gateway, "ann", "{\"request_id\":\"x\",\"score\":1,\"comment\":\"%s\"}",
                    "x".repeat(2_001), 400))).isEqualTo("invalid_feedback");
            assertThat(gateway.post(PATH, "{\"request_id\":\"x\",\"score\":1}").statusCode()).as("without a key")
                    .isEqualTo(401);
            assertThat(gateway.get(gateway.url().resolve(PATH)).statusCode()).isEqualTo(405);
        }
    }

    private Gateway start(String swap, String more) {
        return Gateway.start(folder, Swapping.config(openai, cluster, swap), KEYS + more, ENV);
    }

    private static Swapping open(Gateway gateway) {
        var swapping = new Swapping(gateway.adminUrl());
        swapping.verdict("v1", Outcome.NON_INFERIOR);
        swapping.act("approve", "");
        assertThat(swapping.state()).isEqualTo("OPEN");
        return swapping;
    }

    private static String ask(Gateway gateway, String body) {
        return id(chat(gateway, body, "Pareto-Tags", "a=b"));
    }

    private static HttpResponse<byte[]> chat(Gateway gateway, String body, String header, String value) {
        HttpRequest request = gateway.request("/v1/chat/completions", body, "Authorization", "Bearer pk-pareto-ann",
                "Pareto-Cache", "no-store", header, value);
        HttpResponse<byte[]> answer = gateway.send(request);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer;
    }

    private static String id(HttpResponse<byte[]> answer) {
        return answer.headers().firstValue("Pareto-Request-Id").orElseThrow();
    }

    private static JsonNode post(Gateway gateway, String who, String body, String id, int status) {
        HttpResponse<byte[]> answer = gateway.post(PATH, body.formatted(id), "Authorization",
                "Bearer pk-pareto-" + who);
        assertThat(answer.statusCode()).as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
        return JsonMapper.shared().readTree(answer.body());
    }

    private static String code(JsonNode answer) {
        return answer.at("/error/code").asString("");
    }

    private static JsonNode guard(Swapping swapping) {
        for (JsonNode guard : Objects.requireNonNull(swapping.swap().path("guards"))) {
            if (guard.path("guard").asString("").equals("feedback")) {
                return guard;
            }
        }
        throw new AssertionError("there is no guard for feedback");
    }
}
