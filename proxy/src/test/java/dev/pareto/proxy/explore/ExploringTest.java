package dev.pareto.proxy.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A policy that learns from its own answers, through a whole gateway. */
final class ExploringTest {

    private static final String DEAR = "openai/gpt-4o";

    @TempDir
    private Path folder;

    private final FakeVendor openai = new FakeVendor().answers(Payloads::openAi);

    @AfterEach
    void close() {
        openai.close();
    }

    private Gateway start(String explore) {
        return Gateway.start(folder,
                """
                vendors:
                  openai: {dialect: openai, url: '%s'}
                  own: {dialect: openai, url: '%s', open: true, models: [small]}
                routes:
                  r: {candidates: [openai/gpt-4o-mini, openai/gpt-4o], policy: p}
                  gated: {candidates: [openai/gpt-4o, own/small], policy: p}
                  held: {candidates: [openai/gpt-4o-mini, openai/gpt-4o, own/small], policy: p, hold-out: 10 %%}
                policies:
                  p: {minimise: cost, explore: %s}
                """.formatted(openai.url(), openai.url(), explore));
    }

    private static HttpResponse<byte[]> ask(Gateway gateway, String route, String more, String... headers) {
        return gateway.post("/v1/chat/completions",
                "{\"model\":\"" + route + "\"," + more + "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
                headers);
    }

    private static String model(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).as(() -> new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo(200);
        return answer.headers().firstValue("Pareto-Model").orElseThrow();
    }

    private static String id(HttpResponse<byte[]> answer) {
        return answer.headers().firstValue("Pareto-Request-Id").orElseThrow();
    }

    private static List<String> models(Gateway gateway, int requests) {
        List<String> models = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            models.add(model(ask(gateway, "r", "")));
        }
        return models;
    }

    @Test
    void callersScoresMoveTheTrafficAndTheNextStartGoesOnThere() {
        try (Gateway gateway = start("{share: 20 %, accuracy-at-least: 80 %}")) {
            for (int i = 0; i < 80; i++) {
                HttpResponse<byte[]> answer = ask(gateway, "r", "");
                String score = model(answer).equals(DEAR) ? "1" : "0";
                assertThat(gateway.post("/pareto/v1/feedback",
                        "{\"request_id\":\"" + id(answer) + "\",\"score\":" + score + "}").statusCode()).isEqualTo(200);
            }
            assertThat(models(gateway, 40)).filteredOn(DEAR::equals).hasSizeBetween(26, 38);
        }
        try (Gateway gateway = start("{share: 10 %, accuracy-at-least: 80 %}")) {
            assertThat(models(gateway, 40)).filteredOn(DEAR::equals).hasSizeBetween(31, 39);
        }
    }

    @Test
    void aDecisionSaysWithWhatProbabilityEachModelWasToBeChosen() {
        try (Gateway gateway = start("{share: 20 %}")) {
            List<String> models = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                HttpResponse<byte[]> answer = ask(gateway, "r", "");
                String served = model(answer);
                models.add(served);
                JsonNode decision = JsonMapper.shared()
                        .readTree(gateway.get(gateway.adminUrl().resolve("/api/decisions/" + id(answer))).body());
                JsonNode stated = decision.path("decision").isObject() ? decision.path("decision") : decision;
                assertThat(stated.at("/outcome/model").asString("")).isEqualTo(served);
                assertThat(stated.at("/candidates/0/propensity").asDouble(0)
                        + stated.at("/candidates/1/propensity").asDouble(0)).isBetween(0.999, 1.001);
                if (served.equals(DEAR)) {
                    assertThat(answer.headers().firstValue("Pareto-Reason").orElse("")).contains("probability 0.2");
                }
            }
            assertThat(models).filteredOn(DEAR::equals).hasSizeBetween(2, 12);
        }
    }

    @Test
    void aUnitKeepsItsModel() {
        try (Gateway gateway = start("{share: 20 %}")) {
            for (int user = 0; user < 12; user++) {
                String more = "\"user\":\"u" + user + "\",";
                String first = model(ask(gateway, "r", more));
                assertThat(model(ask(gateway, "r", more))).isEqualTo(first);
                assertThat(model(ask(gateway, "r", more))).isEqualTo(first);
            }
        }
    }

    @Test
    void whomAHoldOutComparesIsServedAsEverAndSoIsDrawnLikeEverybody() {
        try (Gateway gateway = start("{share: 20 %}")) {
            int compared = 0;
            int dear = 0;
            for (int i = 0; i < 150; i++) {
                HttpResponse<byte[]> answer = ask(gateway, "held", "");
                boolean counts = answer.headers()
                        .firstValue("Pareto-Experiment")
                        .orElse("")
                        .equals("hold-out=compared");
                compared += counts ? 1 : 0;
                dear += counts && model(answer).equals(DEAR) ? 1 : 0;
            }
            assertThat(compared).isGreaterThan(40);
            assertThat(dear).isBetween(1, compared / 2);
        }
    }

    @Test
    void whomTheGateKeepsOutIsNeverDrawnAndWhomTheCallerNamesIsNotDrawnAway() {
        try (Gateway gateway = start("{share: 20 %}")) {
            for (int i = 0; i < 30; i++) {
                assertThat(model(ask(gateway, "gated", ""))).isEqualTo(DEAR);
                assertThat(model(ask(gateway, "r", "", "Pareto-Model", DEAR))).isEqualTo(DEAR);
            }
        }
    }

    @Test
    void whatTheBudgetDoesNotAllowIsRefusedAndNeverSpent() {
        try (Gateway gateway = start("{share: 5 %, budget: {at-most: 0.002 USD, per: month}}")) {
            int served = 0;
            HttpResponse<byte[]> answer = ask(gateway, "r", "");
            while (answer.statusCode() == 200 && served < 500) {
                served++;
                answer = ask(gateway, "r", "");
            }
            assertThat(served).isBetween(1, 499);
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("policy_budget_spent");
            JsonNode spent = JsonMapper.shared().valueToTree(gateway.attempts());
            BigDecimal pico = BigDecimal.ZERO;
            for (JsonNode attempt : spent) {
                pico = pico.add(attempt.path("cost_pico").decimalValue(BigDecimal.ZERO));
            }
            assertThat(pico.movePointLeft(12)).isPositive().isLessThanOrEqualTo(new BigDecimal("0.002"));
        }
    }
}
