package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.testing.Gateway;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * Embeddings and rankings over HTTP, by the encoder with random weights whose numbers the engine's own tests hold: here the
 * shape of requests, answers and refusals.
 */
final class LocalReadingTest {

    /** Where the engine's tests keep it, from this module's folder. */
    private static final Path ENCODER = Path
            .of("../local-engine/src/test/resources/dev/pareto/engine/reading/bert.gguf");
    private static final int WIDTH = 48;

    private static @Nullable Gateway gateway;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        Path models = Files.createDirectories(folder.resolve("models"));
        byte[] right = Files.readAllBytes(ENCODER);
        Files.write(models.resolve("embeds.gguf"), right);
        Files.write(models.resolve("ranks.gguf"), pooled(right, 4));
        Files.write(models.resolve("states.gguf"), pooled(right, 0));
        Files.write(models.resolve("long.gguf"), untagged(right));
        gateway = Gateway.start(folder, "vendors: {local: {engine: embedded, models-dir: '" + models + "'}}\n");
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            gateway.close();
        }
    }

    private static int find(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    }

    /** The same file with another way of pooling. */
    private static byte[] pooled(byte[] right, int type) {
        byte[] bytes = right.clone();
        String key = "bert.pooling_type";
        bytes[find(bytes, key) + key.length() + Integer.BYTES] = (byte) type;
        return bytes;
    }

    /** The same file without the tag by which it says that its vectors may be cut. */
    private static byte[] untagged(byte[] right) {
        byte[] bytes = right.clone();
        bytes[find(bytes, "MatryoshkaLoss")] = 'P';
        return bytes;
    }

    private static HttpResponse<byte[]> post(String path, String body) {
        return Objects.requireNonNull(gateway).post(path, body);
    }

    private static JsonNode answer(String path, String body) {
        HttpResponse<byte[]> answer = post(path, body);
        assertThat(answer.statusCode()).as(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo(200);
        return Json.mapper().readTree(answer.body());
    }

    private static void refused(String path, String body, int status, String code, String param) {
        HttpResponse<byte[]> answer = post(path, body);
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(answer.statusCode()).as(text).isEqualTo(status);
        JsonNode error = Json.mapper().readTree(answer.body()).path("error");
        assertThat(error.path("code").asString()).as(text).isEqualTo(code);
        assertThat(error.path("param").asString()).as(text).isEqualTo(param);
    }

    private static float[] vector(JsonNode answer, int index) {
        JsonNode numbers = answer.path("data").path(index).path("embedding");
        float[] vector = new float[numbers.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = numbers.get(i).floatValue();
        }
        return vector;
    }

    @Test
    void textsAndTheirTokensHaveTheSameVectorsInTheOrderTheyCame() {
        JsonNode texts = answer("/v1/embeddings",
                """
                {"model":"local/embeds","input":["the big tree","a small cat"],"encoding_format":"float","user":"u"}""");
        JsonNode one = answer("/v1/embeddings", "{\"model\":\"local/embeds\",\"input\":\"a small cat\"}");

        assertThat(texts.path("object").asString()).isEqualTo("list");
        assertThat(texts.path("model").asString()).isEqualTo("local/embeds");
        assertThat(texts.path("data").size()).isEqualTo(2);
        assertThat(texts.path("data").path(1).path("index").asInt()).isEqualTo(1);
        assertThat(texts.path("data").path(1).path("object").asString()).isEqualTo("embedding");
        // Five tokens each: [CLS], three words, [SEP].
        assertThat(texts.path("usage").path("prompt_tokens").asInt()).isEqualTo(10);
        assertThat(texts.path("usage").path("total_tokens").asInt()).isEqualTo(10);
        assertThat(vector(texts, 0)).hasSize(WIDTH).isNotEqualTo(vector(texts, 1));
        assertThat(vector(one, 0)).containsExactly(vector(texts, 1), within(1e-5f));

        JsonNode tokens = answer("/v1/embeddings", "{\"model\":\"local/embeds\",\"input\":[[2,5,3],[2,6,3]]}");
        JsonNode list = answer("/v1/embeddings", "{\"model\":\"local/embeds\",\"input\":[2,6,3]}");
        assertThat(tokens.path("usage").path("prompt_tokens").asInt()).isEqualTo(6);
        assertThat(vector(list, 0)).containsExactly(vector(tokens, 1), within(1e-5f));
    }

    @Test
    void base64HoldsTheSameFloatsInLittleEndian() {
        float[] numbers = vector(answer("/v1/embeddings", "{\"model\":\"local/embeds\",\"input\":\"tree\"}"), 0);
        String text = answer("/v1/embeddings",
                "{\"model\":\"local/embeds\",\"input\":\"tree\",\"encoding_format\":\"base64\"}").path("data")
                .path(0)
                .path("embedding")
                .asString();
        float[] decoded = new float[WIDTH];
        ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(decoded);
        assertThat(decoded).containsExactly(numbers, within(1e-6f));
    }

    @Test
    void dimensionsAreCutWhereTheFileAllowsAndRefusedElsewhere() {
        float[] all = vector(answer("/v1/embeddings", "{\"model\":\"local/embeds\",\"input\":\"tree\"}"), 0);
        float[] cut = vector(
                answer("/v1/embeddings", "{\"model\":\"local/embeds\",\"input\":\"tree\",\"dimensions\":8}"), 0);
        double length = 0;
        for (float value : cut) {
            length += value * value;
        }
        assertThat(cut).hasSize(8);
        assertThat(length).isCloseTo(1, within(1e-5));
        assertThat(cut[1] / cut[0]).isCloseTo(all[1] / all[0], within(1e-3f));

        assertThat(
                vector(answer("/v1/embeddings", "{\"model\":\"local/long\",\"input\":\"tree\",\"dimensions\":48}"), 0))
                .hasSize(WIDTH);
        refused("/v1/embeddings", "{\"model\":\"local/long\",\"input\":\"tree\",\"dimensions\":8}", 400,
                "unsupported_parameter", "dimensions");
        refused("/v1/embeddings", "{\"model\":\"local/embeds\",\"input\":\"tree\",\"dimensions\":49}", 400,
                "integer_above_max_value", "dimensions");
        refused("/v1/embeddings", "{\"model\":\"local/embeds\",\"input\":\"tree\",\"dimensions\":0}", 400,
                "integer_below_min_value", "dimensions");
    }

    @Test
    void documentsComeBackInTheOrderOfTheirScores() {
        JsonNode ranked = answer("/v1/rerank",
                """
                {"model":"local/ranks","query":"where is my parcel","return_documents":true,
                 "documents":["Your parcel was lost at sea.",{"text":"The cat is green."},"a card at the bank"]}""");
        JsonNode results = ranked.path("results");
        assertThat(results.size()).isEqualTo(3);
        assertThat(results.valueStream().map(one -> one.path("index").asInt()).toList())
                .containsExactlyInAnyOrder(0, 1, 2);
        assertThat(results.valueStream().map(one -> one.path("relevance_score").asDouble()).toList())
                .isSortedAccordingTo((a, b) -> Double.compare(b, a))
                .allSatisfy(score -> assertThat(score).isBetween(0.0, 1.0));
        for (JsonNode one : results) {
            // The oracle's scores of the first two pairs, 0.36694 and 1.61587, through the logistic function.
            List<Double> expected = List.of(0.59072, 0.83424);
            int index = one.path("index").asInt();
            if (index < expected.size()) {
                assertThat(one.path("relevance_score").asDouble()).isCloseTo(expected.get(index), within(1e-4));
            }
            if (index == 1) {
                assertThat(one.path("document").path("text").asString()).isEqualTo("The cat is green.");
            }
        }
        assertThat(ranked.path("usage").path("total_tokens").asInt()).isPositive();

        JsonNode top = answer("/v1/rerank",
                "{\"model\":\"local/ranks\",\"query\":\"cat\",\"documents\":[\"sea\",\"dog\"],\"top_n\":1}");
        assertThat(top.path("results").size()).isEqualTo(1);
        assertThat(top.path("results").path(0).has("document")).isFalse();
    }

    @Test
    void whatIsWrongIsNamed() {
        refused("/v1/rerank", "{\"model\":\"local/ranks\",\"documents\":[\"a\"]}", 400, "missing_required_parameter",
                "query");
        refused("/v1/rerank", "{\"model\":\"local/ranks\",\"query\":\"a\",\"documents\":[]}", 400, "empty_array",
                "documents");
        refused("/v1/rerank", "{\"model\":\"local/ranks\",\"query\":\"a\",\"documents\":[\"b\",7]}", 400,
                "invalid_type",
                "documents[1]");
        refused("/v1/rerank", "{\"model\":\"local/ranks\",\"query\":\"a\",\"documents\":[\"b\"],\"top_n\":0}", 400,
                "integer_below_min_value", "top_n");
        refused("/v1/rerank",
                "{\"model\":\"local/ranks\",\"query\":\"a\",\"documents\":[\"b\"],\"rank_fields\":[\"x\"]}",
                400, "unsupported_parameter", "rank_fields");
        refused("/v1/rerank",
                "{\"model\":\"local/ranks\",\"query\":\"a\",\"documents\":[\"b\",\"" + "tree ".repeat(130) + "\"]}",
                400,
                "context_length_exceeded", "documents");
        refused("/v1/embeddings", "{\"model\":\"local/embeds\",\"input\":\"" + "tree ".repeat(130) + "\"}", 400,
                "context_length_exceeded", "input");
    }

    @Test
    void aModelIsAskedOnlyForWhatItCanDo() {
        refused("/v1/rerank", "{\"model\":\"local/embeds\",\"query\":\"a\",\"documents\":[\"b\"]}", 400,
                "unsupported_model", "model");
        refused("/v1/embeddings", "{\"model\":\"local/ranks\",\"input\":\"a\"}", 400, "unsupported_model", "model");
        refused("/v1/embeddings", "{\"model\":\"local/states\",\"input\":\"a\"}", 400, "unsupported_model", "model");
        refused("/v1/completions", "{\"model\":\"local/embeds\",\"prompt\":\"a\"}", 400, "invalid_request", "prompt");
    }
}
