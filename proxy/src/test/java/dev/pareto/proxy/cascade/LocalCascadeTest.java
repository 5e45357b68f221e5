package dev.pareto.proxy.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.pareto.engine.LocalEngine;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Swapping;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The embedded model first: its log-probabilities come for nothing, of whole answers and of the first tokens of a stream. */
final class LocalCascadeTest {

    @TempDir
    private Path folder;

    private final FakeVendor openai = new FakeVendor().answers(Payloads::openAi);

    @AfterEach
    void close() {
        openai.close();
    }

    private Gateway start(String cascade) throws IOException {
        Path models = Files.createDirectories(folder.resolve("models"));
        try (InputStream model = LocalEngine.class.getResourceAsStream("models/support-desk.gguf")) {
            assumeThat(model).as("this build has no embedded model").isNotNull();
            Files.write(models.resolve("tiny.gguf"), model.readAllBytes());
        }
        return Gateway.start(folder,
                """
                vendors:
                  openai: {dialect: openai, url: '%s', retries: 0}
                  cluster: {engine: embedded, models-dir: '%s'}
                routes:
                  r: {candidates: [cluster/tiny, openai/gpt-4o], cascade: {first: cluster/tiny, %s}}
                swaps:
                  r: {to: cluster/tiny, approval: manual}
                """
                        .formatted(openai.url(), models, cascade));
    }

    private static HttpResponse<byte[]> ask(Gateway gateway, String model, boolean stream) {
        return gateway.post("/v1/chat/completions",
                """
                {"model":"%s","messages":[{"role":"user","content":"Say hello"}],
                 "max_tokens":300,"temperature":0,"stream":%b}""".formatted(model, stream));
    }

    private static String model(HttpResponse<byte[]> response) {
        return response.headers().firstValue("Pareto-Model").orElse("none");
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** What a stream, or an answer in one piece, says. */
    private static String words(HttpResponse<byte[]> response) {
        String body = text(response);
        if (!body.startsWith("data:")) {
            return JsonMapper.shared().readTree(body).at("/choices/0/message/content").asString();
        }
        StringBuilder words = new StringBuilder();
        for (String line : body.lines().toList()) {
            if (line.startsWith("data: {")) {
                JsonNode event = JsonMapper.shared().readTree(line.substring(6));
                words.append(event.at("/choices/0/delta/content").asString(""));
            }
        }
        return words.toString();
    }

    private static List<String> roles(Gateway gateway) {
        return gateway.attempts().stream().map(row -> row.get("role") + " " + row.get("state")).toList();
    }

    @Test
    void wholeAnswersAreJudgedByTheirLogProbabilitiesWithoutAVerdict() throws Exception {
        try (Gateway gateway = start("accept: {log-probability: {quantiles: {5 %: -90}}}")) {
            String alone = words(ask(gateway, "cluster/tiny", false));
            for (boolean stream : new boolean[]{false, true}) {
                HttpResponse<byte[]> response = ask(gateway, "r", stream);
                assertThat(model(response)).as(response.headers().firstValue("Pareto-Reason").orElse(""))
                        .isEqualTo("cluster/tiny");
                assertThat(words(response)).isEqualTo(alone);
                assertThat(text(response)).doesNotContain("\"logprob\":");
            }
        }
    }

    @Test
    void anUnsureAnswerIsDoubted() throws Exception {
        try (Gateway gateway = start("accept: {log-probability: {mean: -0.000000001}}")) {
            HttpResponse<byte[]> response = ask(gateway, "r", false);

            assertThat(model(response)).isEqualTo("openai/gpt-4o");
            assertThat(roles(gateway)).containsExactly("CASCADE_REJECTED SETTLED", "ESCALATION SETTLED");
        }
    }

    @Test
    void firstTokensAreJudgedOnlyWhereTheSwapLetsTheModelIn() throws Exception {
        try (Gateway gateway = start(
                "gate: first-tokens, first-tokens: 4, accept: {log-probability: {mean: -90}}")) {
            assertThat(model(ask(gateway, "r", true))).as("no verdict").isEqualTo("openai/gpt-4o");
            assertThat(roles(gateway)).containsExactly("PRIMARY SETTLED");

            new Swapping(gateway.adminUrl()).act("override", ",\"share\":\"100 %\",\"for\":\"1 h\"");
            String alone = words(ask(gateway, "cluster/tiny", true));
            HttpResponse<byte[]> response = ask(gateway, "r", true);

            assertThat(model(response)).isEqualTo("cluster/tiny");
            assertThat(words(response)).as("in order and whole").isEqualTo(alone);
            assertThat(text(response)).endsWith("data: [DONE]\n\n").doesNotContain("\"logprob\":");
            assertThat(roles(gateway)).last().isEqualTo("CASCADE SETTLED");
            assertThat(openai.seen()).hasSize(1);
        }
    }

    @Test
    void unsureFirstTokensAreNeverSeenAndTheRestIsNotComputed() throws Exception {
        try (Gateway gateway = start(
                "gate: first-tokens, first-tokens: 2, accept: {log-probability: {mean: -0.000000001}}")) {
            new Swapping(gateway.adminUrl()).act("override", ",\"share\":\"100 %\",\"for\":\"1 h\"");

            HttpResponse<byte[]> response = ask(gateway, "r", true);

            assertThat(model(response)).isEqualTo("openai/gpt-4o");
            assertThat(words(response)).startsWith("Hello");
            assertThat(roles(gateway)).containsExactly("CASCADE_REJECTED ABORTED", "ESCALATION SETTLED");
        }
    }
}
