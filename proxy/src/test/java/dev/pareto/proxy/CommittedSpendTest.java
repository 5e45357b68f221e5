package dev.pareto.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Committed spend through a whole gateway: two vendors' models, of which the one that is paid anyway costs two cents and the other one. */
final class CommittedSpendTest {

    private static final String BODY = "{\"model\":\"r\",\"messages\":[{\"role\":\"user\",\"content\":\"Say hello\"}]}";

    @TempDir
    private Path folder;

    private final FakeVendor vendor = new FakeVendor().answers(Payloads::openAi);

    @AfterEach
    void stop() {
        vendor.close();
    }

    @Test
    void callsGoToThePaidModelWhileThereIsRoomThenBackAndARestartForgetsNothing() {
        try (Gateway gateway = start()) {
            HttpResponse<byte[]> first = gateway.post("/v1/chat/completions", BODY);
            assertThat(first.headers().firstValue("Pareto-Model")).hasValue("paid/big");
            assertThat(first.headers().firstValue("Pareto-Reason").orElseThrow())
                    .contains("cost 0", "commitment paid-2026 has 0.05 USD left");
            String id = first.headers().firstValue("Pareto-Request-Id").orElseThrow();
            assertThat(served(gateway)).isEqualTo("paid/big");
            gateway.attempts();

            JsonNode candidate = get(gateway, "/api/decisions/" + id).path("decision").path("candidates").path(1);
            assertThat(candidate.path("model").asString("")).isEqualTo("paid/big");
            assertThat(candidate.path("predicted_cost").asString("")).isEqualTo("0");
            assertThat(candidate.at("/commitment/name").asString("")).isEqualTo("paid-2026");
            assertThat(candidate.at("/commitment/left").asString("")).isEqualTo("0.05");
            JsonNode told = get(gateway, "/api/commitments").path("commitments").path(0);
            assertThat(told.path("amount").asString("")).isEqualTo("0.05");
            assertThat(told.path("used").asString("")).as("as booked").isEqualTo("0.04");
            assertThat(told.path("left").asString("")).isEqualTo("0.01");
            assertThat(told.path("state").asString("")).isEqualTo("within");
            assertThat(text(gateway, "/api/commitments?format=csv")).startsWith("commitment,models,from,to,");
        }
        try (Gateway gateway = start()) {
            // of two cents one is left, so one more costs the other: as much as the other model, which comes first
            assertThat(served(gateway)).isEqualTo("open/small");
            assertThat(get(gateway, "/api/commitments").at("/commitments/0/left").asString("")).isEqualTo("0.01");
        }
    }

    private static String served(Gateway gateway) {
        HttpResponse<byte[]> answer = gateway.post("/v1/chat/completions", BODY);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.headers().firstValue("Pareto-Model").orElseThrow();
    }

    private Gateway start() {
        LocalDate month = LocalDate.now(ZoneOffset.UTC).withDayOfMonth(1);
        return Gateway.start(folder,
                """
                vendors:
                  paid: {dialect: openai, url: '%1$s', retries: 0, models: {big: {prices: [{from: 2020-01-01, input: 0, output: 0, request: {price: 2, per: 100}}]}}}
                  open: {dialect: openai, url: '%1$s', retries: 0, models: {small: {prices: [{from: 2020-01-01, input: 0, output: 0, request: {price: 1, per: 100}}]}}}
                routes:
                  r: {candidates: [open/small, paid/big], policy: cheapest}
                policies:
                  cheapest: {minimise: cost}
                commitments:
                  paid-2026: {models: ['paid/*'], from: %2$s, to: %3$s, amount: 0.05 USD}
                """
                        .formatted(vendor.url(), month.minusMonths(1), month.plusMonths(2).minusDays(1)));
    }

    private static JsonNode get(Gateway gateway, String path) {
        return JsonMapper.shared().readTree(text(gateway, path));
    }

    private static String text(Gateway gateway, String path) {
        return new String(gateway.get(gateway.adminUrl().resolve(path)).body(), UTF_8);
    }
}
