package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.Gateway;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the gateway does with the model on board when memory is short, and what it tells of it. */
final class LocalResidenceTest {

    private static final String CALL = """
                                       {"model":"local/support-desk","prompt":"Hi","max_tokens":1}""";

    private static JsonNode residence(Gateway gateway) {
        return JsonMapper.shared()
                .readTree(gateway.get(gateway.adminUrl().resolve("/api/models")).body())
                .path("models")
                .valueStream()
                .filter(model -> model.path("id").asString().equals("local/support-desk"))
                .findFirst()
                .orElseThrow()
                .path("residence");
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Test
    void aModelThatIsTooLargeIsRefusedAndTheAdminPortAndTheMetersTellWhy(@TempDir Path folder) {
        try (Gateway gateway = Gateway.start(folder, "vendors: {local: {engine: embedded}}\n",
                ", engine: {memory: 1 MB}", Map.of())) {
            assertThat(residence(gateway).path("state").asString()).isEqualTo("on_disk");

            HttpResponse<byte[]> answer = gateway.post("/v1/completions", CALL);

            assertThat(answer.statusCode()).as(text(answer)).isEqualTo(400);
            assertThat(text(answer)).contains("\"code\":\"model_too_large\"").contains("may take 1.0 MB");
            assertThat(residence(gateway).path("state").asString()).isEqualTo("failed");
            assertThat(residence(gateway).path("reason").asString()).contains("needs");
            Await.until("the meters tell it",
                    () -> text(gateway.get(gateway.adminUrl().resolve("/actuator/prometheus")))
                            .contains("pareto_engine_state{model=\"support-desk\",state=\"failed\"} 1"));
        }
    }
}
