package dev.pareto.proxy.simulate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.evals.record.PromptHash;
import dev.pareto.proxy.testing.Gateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A vendor whose answers are on file, asked through the gateway. */
final class RecordedVendorTest {

    @TempDir
    private Path folder;

    private Gateway gateway;

    @BeforeEach
    void start() throws IOException {
        Path recordings = Files.createDirectories(folder.resolve("recordings"));
        Files.writeString(recordings.resolve("all.jsonl"),
                """
                {"model": "gpt-4o-mini-2024-07-18", "prompt": "Counted?", "output": "Yes, both.", "tokens": 4, "prompt_tokens": 9, "latency_ms": 5}
                {"model": "gpt-4o-mini-2024-07-18", "prompt": "Bare?", "output": "Only words are known of me.", "finish_reason": "length"}
                """);
        gateway = Gateway.start(folder,
                """
                vendors:
                  closed: {recorded: '%s', paced: false, prices: openai, models: [gpt-4o-mini-2024-07-18]}
                """.formatted(recordings));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void saysAgainWhatWasRecordedAndBillsWhatWasCounted() {
        HttpResponse<byte[]> response = ask("Counted?", false);
        JsonNode answer = json(response);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(answer.at("/choices/0/message/content").asString()).isEqualTo("Yes, both.");
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(13);
        assertThat(answer.path("model").asString()).isEqualTo("gpt-4o-mini-2024-07-18");
        assertThat(response.headers().firstValue("Pareto-Simulated")).contains("true");
        assertThat(response.headers().firstValue("Pareto-Synthetic")).as("it came at once").contains("latency");
        assertThat(response.headers().firstValue("Pareto-Cost-Usd")).as("9 tokens in at 0.15, 4 out at 0.60 a million")
                .contains("0.00000375");
        assertThat(gateway.attempts().getFirst()).containsEntry("usage_source", "VENDOR");
    }

    @Test
    void whatNobodyCountedIsCountedHereAndMarkedSo() {
        HttpResponse<byte[]> response = ask("Bare?", false);
        assertThat(json(response).path("usage").isMissingNode()).isTrue();
        assertThat(json(response).at("/choices/0/finish_reason").asString()).isEqualTo("length");
        assertThat(response.headers().firstValue("Pareto-Synthetic")).contains("tokens, latency");
        assertThat(gateway.attempts().getFirst()).containsEntry("usage_source", "ESTIMATED");
        assertThat(String.valueOf(gateway.attempts().getFirst().get("simulated"))).isIn("1", "true");
    }

    @Test
    void streamsToo() {
        HttpResponse<byte[]> response = ask("Bare?", true);
        String events = new String(response.body(), UTF_8);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        assertThat(events).endsWith("data: [DONE]\n\n").contains("\"finish_reason\":\"length\"");
        StringBuilder text = new StringBuilder();
        events.lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> JsonMapper.shared().readTree(line.substring(6)))
                .forEach(event -> text.append(event.at("/choices/0/delta/content").asString("")));
        assertThat(text).hasToString("Only words are known of me.");
    }

    @Test
    void aPromptThatWasNeverRecordedIsToldByItsHash() {
        HttpResponse<byte[]> response = ask("Never asked?", false);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(json(response).at("/error/code").asString()).isEqualTo("recording_not_found");
        assertThat(json(response).at("/error/message").asString()).contains(PromptHash.of("Never asked?"))
                .contains("gpt-4o-mini-2024-07-18");
    }

    private HttpResponse<byte[]> ask(String question, boolean stream) {
        return gateway.post("/v1/chat/completions",
                """
                {"model": "closed/gpt-4o-mini-2024-07-18", "stream": %s, "messages": [{"role": "user", "content": "%s"}]}
                """.formatted(
                        stream, question));
    }

    private static JsonNode json(HttpResponse<byte[]> response) {
        return JsonMapper.shared().readTree(response.body());
    }
}
