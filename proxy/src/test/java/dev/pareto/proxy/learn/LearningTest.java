package dev.pareto.proxy.learn;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import dev.pareto.dashboards.store.LabelRepository;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.AccuracyForecasts;
import dev.pareto.policies.predict.PromptText;
import dev.pareto.policies.predict.live.AccuracyBoard;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.dialect.openai.RequestReader;
import dev.pareto.proxy.route.PromptReader;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From callers' scores to a predictor in force, through a whole gateway. */
final class LearningTest {

    private static final String ROUTE = "r";

    @TempDir
    private Path folder;

    private final FakeVendor openai = new FakeVendor().answers(Payloads::openAi);

    @AfterEach
    void close() {
        openai.close();
    }

    private Gateway start() {
        return Gateway.start(folder, """
                                     vendors:
                                       openai: {dialect: openai, url: '%s'}
                                     routes:
                                       r: {candidates: [openai/gpt-4o, openai/gpt-4o-mini]}
                                       lone: {candidates: [openai/gpt-4o]}
                                     """.formatted(openai.url()));
    }

    private static String ask(Gateway gateway, String model, String text, String... headers) {
        HttpResponse<byte[]> answer = gateway.post("/v1/chat/completions",
                "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"system\",\"content\":\"be brief\"},"
                        + "{\"role\":\"user\",\"content\":\"" + text + "\"}]}",
                headers);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.headers().firstValue("Pareto-Request-Id").orElseThrow();
    }

    private static void score(Gateway gateway, String id, double score) {
        assertThat(gateway.post("/pareto/v1/feedback", "{\"request_id\":\"" + id + "\",\"score\":" + score + "}")
                .statusCode()).isEqualTo(200);
    }

    private static JsonNode admin(Gateway gateway, String path) {
        return JsonMapper.shared().readTree(gateway.get(gateway.adminUrl().resolve(path)).body());
    }

    private static JsonNode train(Gateway gateway) {
        return JsonMapper.shared()
                .readTree(gateway.send(HttpRequest.newBuilder(
                        gateway.adminUrl().resolve("/api/predictors/train"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"route\":\"r\"}"))
                        .build()).body());
    }

    private static long remembered(Gateway gateway) {
        return JdbcClient.create(gateway.bean(SqliteStore.class).reads())
                .sql("SELECT count(*) FROM prompt_features")
                .query(Long.class)
                .single();
    }

    @Test
    void callersScoresTeachTheRouteAndTheNextStartKnowsIt() {
        String version;
        try (Gateway gateway = start()) {
            for (int i = 0; i < 30; i++) {
                boolean hard = i % 2 == 0;
                score(gateway, ask(gateway, ROUTE, (hard ? "prove the lemma of " : "say hello to ") + "zanzibar " + i),
                        hard ? 0 : 1);
            }
            ask(gateway, "lone", "nobody chooses here");
            ask(gateway, ROUTE, "keep nothing of this", "Pareto-Cache", "no-store");
            LabelRepository labels = gateway.bean(LabelRepository.class);
            Await.until("every score is a label", () -> labels.labelled(ROUTE, 100).size() == 30);
            assertThat(remembered(gateway)).isEqualTo(30);

            JsonNode lesson = train(gateway);
            assertThat(lesson.path("outcome").asString("")).as(lesson.toString()).isEqualTo("taken");
            JsonNode row = admin(gateway, "/api/predictors").at("/predictors/0");
            assertThat(row.path("route").asString("")).isEqualTo(ROUTE);
            assertThat(row.at("/labels/FEEDBACK").asInt(0)).isEqualTo(30);
            assertThat(row.at("/measures/0/labels").asInt(0)).isEqualTo(30);
            version = row.path("version").asString("");
            assertThat(probability(gateway, "prove the lemma of zanzibar 3"))
                    .isLessThan(probability(gateway, "say hello to zanzibar 3") - 0.2);
        }
        try (Gateway gateway = start()) {
            AccuracyBoard board = gateway.bean(AccuracyBoard.class);
            gateway.bean(Training.class).look();
            assertThat(board.find(ROUTE)).isNotNull()
                    .extracting(predictor -> predictor.version())
                    .isEqualTo(version);
        }
    }

    private static double probability(Gateway gateway, String text) {
        AccuracyForecasts forecasts = requireNonNull(
                gateway.bean(AccuracyBoard.class).forecast(ROUTE, new PromptText(text, null)));
        return requireNonNull(forecasts.of(new ModelId("openai", "gpt-4o"))).probability();
    }

    @Test
    void theLastUsersWordsAreWhatIsLearnedFrom() {
        OpenAiRequest request = RequestReader.read(
                Endpoint.CHAT, """
                               {"model":"r","messages":[{"role":"user","content":"one"},
                                {"role":"assistant","content":"two"},
                                {"role":"user","content":[{"type":"text","text":"three"},
                                 {"type":"image_url","image_url":{"url":"data:,"}},
                                 {"type":"text","text":"four"}]}]}
                               """.getBytes(StandardCharsets.UTF_8));
        assertThat(PromptReader.of(request, "s")).isEqualTo(new PromptText("three\nfour", "s"));
    }
}
