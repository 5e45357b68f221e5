package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import dev.pareto.engine.LocalEngine;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.ToolTemplate;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.EmbeddingCreateParams;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

/** The embedded model, called through OpenAI's own client: the shape of the answers, not their sense. */
final class LocalModelTest {

    private static @Nullable Gateway gateway;
    private static Path folderOfModels = Path.of("");
    private static OpenAIClient client = OpenAIOkHttpClient.builder().apiKey("unset").build();

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        Path models = Files.createDirectories(folder.resolve("models"));
        try (InputStream model = LocalEngine.class.getResourceAsStream("models/support-desk.gguf")) {
            assumeThat(model).as("this build has no embedded model").isNotNull();
            byte[] bytes = Objects.requireNonNull(model).readAllBytes();
            Files.write(models.resolve("tiny.gguf"), bytes);
            Files.write(models.resolve("caller.gguf"), ToolTemplate.in(bytes));
        }
        Files.writeString(models.resolve("notes.gguf"), "these are only notes");
        folderOfModels = models;
        gateway = Gateway.start(folder, "vendors: {local: {engine: embedded, models-dir: '" + models + "'}}\n");
        client = OpenAIOkHttpClient.builder().baseUrl(gateway.url() + "/v1").apiKey("sk-1").maxRetries(0).build();
    }

    @AfterAll
    static void stop() {
        client.close();
        if (gateway != null) {
            gateway.close();
        }
    }

    private static ChatCompletionCreateParams.Builder hello() {
        return ChatCompletionCreateParams.builder()
                .model("local/tiny")
                .addUserMessage("Say hello")
                .maxCompletionTokens(5)
                .temperature(0);
    }

    @Test
    void plainAnswersHaveOpenAisShape() {
        ChatCompletion answer = client.chat().completions().create(hello().logprobs(true).topLogprobs(2).build());

        answer.validate();
        assertThat(answer.id()).startsWith("chatcmpl-");
        assertThat(answer.model()).isEqualTo("local/tiny");
        assertThat(answer.usage().orElseThrow().completionTokens()).isBetween(1L, 5L);
        assertThat(
                answer.choices().getFirst().logprobs().orElseThrow().content().orElseThrow().getFirst().topLogprobs())
                .hasSize(2);
    }

    @Test
    void streamsGiveTheSameTextAndTheUsageWhereAskedFor() {
        String whole = client.chat()
                .completions()
                .create(hello().build())
                .choices()
                .getFirst()
                .message()
                .content()
                .orElse("");
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(
                        hello().streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                                .build())) {
            List<ChatCompletionChunk> chunks = stream.stream().toList();
            StringBuilder text = new StringBuilder();
            chunks.forEach(
                    chunk -> chunk.choices().forEach(choice -> text.append(choice.delta().content().orElse(""))));

            chunks.forEach(ChatCompletionChunk::validate);
            assertThat(text.toString()).isEqualTo(whole);
            assertThat(chunks.getFirst().choices().getFirst().delta().role()).isPresent();
            assertThat(chunks.getLast().choices()).isEmpty();
            assertThat(chunks.getLast().usage().orElseThrow().promptTokens()).isPositive();
        }
    }

    @Test
    void usageIsExactInTheLedgerThoughTheCallerDidNotAskForIt() {
        HttpResponse<byte[]> answer = gateway().post("/v1/chat/completions",
                "{\"model\":\"local/tiny\",\"stream\":true,\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");

        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).doesNotContain("usage")
                .endsWith("data: [DONE]\n\n");
        assertThat(gateway().attempts().getLast()).containsEntry("usage_source", "VENDOR")
                .containsEntry("state", "SETTLED");
    }

    @Test
    void whatTheEngineCannotDoIsRefusedByName() {
        HttpResponse<byte[]> range = gateway().post("/v1/chat/completions",
                """
                {"model":"local/tiny","messages":[{"role":"user","content":"Hi"}],"dynatemp_range":0.5}""");
        HttpResponse<byte[]> tools = gateway().post("/v1/chat/completions",
                """
                {"model":"local/tiny","messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"f"}}]}""");

        assertThat(range.statusCode()).isEqualTo(400);
        assertThat(text(range)).contains("unsupported_parameter").contains("\"param\":\"dynatemp_range\"");
        assertThat(tools.statusCode()).isEqualTo(400);
        assertThat(text(tools)).contains("unsupported_parameter").contains("\"param\":\"tools\"");
    }

    @Test
    void aToolIsCalledThroughTheWholeGateway() {
        HttpResponse<byte[]> answer = gateway().post("/v1/chat/completions",
                """
                {"model":"local/caller","messages":[{"role":"user","content":"Weather?"}],"temperature":0,"max_tokens":40,
                "tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":
                {"days":{"enum":[1,2,3]}},"required":["days"],"additionalProperties":false}}}],
                "tool_choice":"required"}""");

        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
        assertThat(text(answer)).contains("\"finish_reason\":\"tool_calls\"")
                .contains("\"name\":\"weather\"")
                .containsPattern("\"arguments\":\"\\{\\s*\\\\\"days\\\\\":\\s*[123]");
    }

    @Test
    void wrongTypesAreRefusedInOpenAisWords() {
        HttpResponse<byte[]> stop = gateway().post("/v1/chat/completions",
                """
                {"model":"local/tiny","stop":5,"messages":[{"role":"user","content":"Hi"}]}""");
        HttpResponse<byte[]> most = gateway().post("/v1/chat/completions",
                """
                {"model":"local/tiny","max_tokens":2147483648,"messages":[{"role":"user","content":"Hi"}]}""");
        HttpResponse<byte[]> input = gateway().post("/v1/embeddings", "{\"model\":\"local/tiny\",\"input\":5}");
        HttpResponse<byte[]> token = gateway().post("/v1/embeddings",
                "{\"model\":\"local/tiny\",\"input\":[99999999]}");

        assertThat(List.of(stop.statusCode(), most.statusCode(), input.statusCode(), token.statusCode()))
                .containsOnly(400);
        assertThat(text(stop)).contains("Invalid type for 'stop'").contains("\"param\":\"stop\"");
        assertThat(text(most)).contains("\"code\":\"integer_above_max_value\"").contains("\"param\":\"max_tokens\"");
        assertThat(text(input)).contains("\"code\":\"invalid_type\"").contains("\"param\":\"input\"");
        assertThat(text(token)).contains("token 99999999").contains("\"param\":\"input\"");
    }

    @Test
    void aPromptLongerThanTheContextIsToldBothNumbers() {
        HttpResponse<byte[]> chat = gateway().post("/v1/chat/completions",
                "{\"model\":\"local/tiny\",\"messages\":[{\"role\":\"user\",\"content\":\""
                        + "late parcel ".repeat(4_000)
                        + "\"}]}");
        HttpResponse<byte[]> text = gateway().post("/v1/completions",
                "{\"model\":\"local/tiny\",\"prompt\":\"" + "late parcel ".repeat(4_000) + "\"}");

        assertThat(chat.statusCode()).isEqualTo(400);
        assertThat(text(chat)).contains("\"code\":\"context_length_exceeded\"")
                .contains("\"param\":\"messages\"")
                .containsPattern("maximum context length is [0-9]+ tokens\\. "
                        + "However, your messages resulted in [0-9]+ tokens");
        assertThat(text(text)).contains("\"param\":\"prompt\"").contains("your prompt resulted in");
    }

    @Test
    void anAnswerMayAskForMoreThanTheContextHolds() {
        HttpResponse<byte[]> answer = gateway().post("/v1/chat/completions",
                """
                {"model":"local/tiny","max_tokens":2147483647,"stop":[" "],"messages":[{"role":"user","content":"Hi"}]}""");

        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
    }

    @Test
    void aFileThatIsNoModelIsNeitherListedNorCalled() {
        String list = text(gateway().get(gateway().url().resolve("/v1/models")));
        int before = gateway().attempts().size();

        HttpResponse<byte[]> answer = gateway().post("/v1/chat/completions",
                """
                {"model":"local/notes","messages":[{"role":"user","content":"Hi"}]}""");

        assertThat(list).contains("local/tiny").doesNotContain("local/notes");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(text(answer)).contains("\"code\":\"model_not_found\"")
                .contains("magic number")
                .doesNotContain(folderOfModels.toString());
        assertThat(gateway().attempts()).hasSize(before);
    }

    @Test
    void aModelThatComesLaterIsServedWithoutARestart() throws IOException {
        Files.copy(folderOfModels.resolve("tiny.gguf"), folderOfModels.resolve("late.gguf"));
        String request = """
                         {"model":"local/late","max_tokens":2,"messages":[{"role":"user","content":"Hi"}]}""";

        Await.until("the new model answers",
                () -> gateway().post("/v1/chat/completions", request).statusCode() == 200);
    }

    @Test
    void completionsAndEmbeddingsWorkToo() {
        HttpResponse<byte[]> text = gateway().post("/v1/completions",
                "{\"model\":\"local/tiny\",\"prompt\":\"Hi\",\"max_tokens\":3}");

        assertThat(new String(text.body(), StandardCharsets.UTF_8)).contains("\"object\":\"text_completion\"")
                .contains("\"text\":");
        assertThat(client.embeddings()
                .create(EmbeddingCreateParams.builder().model("local/tiny").input("Hi").build())
                .data()
                .getFirst()
                .embedding()).isNotEmpty();
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static Gateway gateway() {
        return Objects.requireNonNull(gateway);
    }
}
