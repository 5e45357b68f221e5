package dev.pareto.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Floors, rules and sent policies through the gateway's own door. */
final class WrittenPoliciesTest {

    private static final String CHAT = Payloads.CHAT.replace("gpt-4o", "r");
    private static final String COMPLETIONS = "/v1/chat/completions";

    @TempDir
    private Path folder;

    private final FakeVendor dear = new FakeVendor().answers(Payloads::openAi);
    private final FakeVendor cheap = new FakeVendor().answers(Payloads::openAi);

    @AfterEach
    void close() {
        dear.close();
        cheap.close();
    }

    @Test
    void floorsRulesAndSentPoliciesHoldAtTheDoor() {
        try (Gateway gateway = Gateway.start(folder, config(), ", keys: {a: {secret: '${A}', may: [send-policies]}, "
                + "b: {secret: '${B}', tenant: acme}}", Map.of("A", "pk-pareto-a", "B", "pk-pareto-b"))) {
            assertThat(model(gateway, "a")).isEqualTo("cheap/m");
            assertThat(model(gateway, "b")).as("the tenant's floor").isEqualTo("dear/m");
            assertThat(model(gateway, "a", "Pareto-Data-Class", "medical")).isEqualTo("dear/m");
            assertThat(model(gateway, "a", "x-tier", "gold")).as("a rule on a header").isEqualTo("dear/m");
            assertThat(text(post(gateway, "a", "Pareto-Data-Class", "medcal"), 400))
                    .contains("invalid_header", "medical");
            assertThat(model(gateway, "a", "Pareto-Policy", "{minimise: cost, when-infeasible: reject}"))
                    .isEqualTo("cheap/m");
            assertThat(text(post(gateway, "a", "Pareto-Policy",
                    "{\"minimise\": \"cost\", \"subject-to\": {\"cost\": {\"at-most\": \"0.0000000001 USD\"}}, "
                            + "\"when-infeasible\": \"reject\"}"),
                    422)).contains("policy_infeasible", "cost at-most 0.0000000001 USD -> ", "admits cheap/m");
            assertThat(text(post(gateway, "a", "Pareto-Policy", "{minimise: money}"), 400)).contains("invalid_header",
                    "write cost or latency");
            assertThat(text(post(gateway, "b", "Pareto-Policy", "{minimise: cost}"), 403))
                    .contains("policy_not_allowed", "send-policies");
            assertThat(text(gateway.post("/v1/audio/speech", "{}", "Authorization", "Bearer pk-pareto-b"), 422))
                    .contains("Floor acme holds for this caller");
        }
    }

    private String config() {
        return """
               default-vendor: dear
               vendors:
                 dear:  {dialect: openai, url: '%s', key: '${K:sk-1}', models: {m: {prices: [{from: 2020-01-01, input: 10, output: 10}]}}}
                 cheap: {dialect: openai, url: '%s', key: '${K:sk-1}', models: {m: {prices: [{from: 2020-01-01, input: 1, output: 1}]}}}
               routes:
                 r:
                   candidates: [dear/m, cheap/m]
                   policy: p
                   rules: [{when: 'headers["x-tier"] == "gold"', only: [dear/m]}]
               policies: {p: {minimise: cost}}
               floors:
                 acme: {tenant: acme, only: [dear/m]}
                 medical: {data-class: medical, only: [dear/m]}
               """
                .formatted(dear.url(), cheap.url());
    }

    private static HttpResponse<byte[]> post(Gateway gateway, String key, String... headers) {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 2, headers.length);
        all[0] = "Authorization";
        all[1] = "Bearer pk-pareto-" + key;
        return gateway.post(COMPLETIONS, CHAT, all);
    }

    private static String model(Gateway gateway, String key, String... headers) {
        return post(gateway, key, headers).headers().firstValue("Pareto-Model").orElse("none");
    }

    private static String text(HttpResponse<byte[]> answer, int status) {
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(answer.statusCode()).as(body).isEqualTo(status);
        return body;
    }
}
