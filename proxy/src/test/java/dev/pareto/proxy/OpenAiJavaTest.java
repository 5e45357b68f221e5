package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;
import dev.pareto.proxy.testing.World;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.models.Model;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** OpenAI's own Java client, unchanged but for its address. */
@ExtendWith(World.Extension.class)
final class OpenAiJavaTest {

    private final World world;
    private OpenAIClient client = OpenAIOkHttpClient.builder().apiKey("unset").build();

    OpenAiJavaTest(World world) {
        this.world = world;
    }

    @BeforeEach
    void connect() {
        client = OpenAIOkHttpClient.builder()
                .baseUrl(world.gateway.url() + "/v1")
                .apiKey("sk-of-the-caller")
                .maxRetries(0)
                .build();
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    private static ChatCompletionCreateParams.Builder hello() {
        return ChatCompletionCreateParams.builder().model("gpt-4o").addUserMessage("Say hello");
    }

    @Test
    void plain() {
        ChatCompletion answer = client.chat().completions().create(hello().build());

        assertThat(answer.choices().getFirst().message().content()).contains("Hello! How can I assist you today?");
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(29);
        assertThat(world.openai.seen().getFirst().headers().get("Authorization")).isEqualTo("Bearer sk-of-the-caller");
    }

    @Test
    void streamed() {
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(hello().build())) {
            List<ChatCompletionChunk> chunks = stream.stream().toList();

            assertThat(chunks).hasSize(4);
            assertThat(chunks.get(1).choices().getFirst().delta().content()).contains("Hello");
            assertThat(chunks).noneMatch(chunk -> chunk.usage().isPresent());
        }
    }

    @Test
    void toolsAndUnknownFieldsGoThroughAndToolCallsComeBack() {
        world.openai.answers(Script.json(200,
                """
                {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,"message":{
                "role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":
                {"name":"get_weather","arguments":"{\\"city\\":\\"Bern\\"}"}}]},"logprobs":null,"finish_reason":"tool_calls"}],
                "usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}"""));

        ChatCompletion answer = client.chat()
                .completions()
                .create(hello()
                        .addTool(ChatCompletionFunctionTool.builder()
                                .function(FunctionDefinition.builder()
                                        .name("get_weather")
                                        .parameters(FunctionParameters.builder()
                                                .putAdditionalProperty("type", JsonValue.from("object"))
                                                .build())
                                        .build())
                                .build())
                        .putAdditionalBodyProperty("x_frobnicate", JsonValue.from(Map.of("deep", List.of(1, 2))))
                        .build());

        assertThat(answer.choices()
                .getFirst()
                .message()
                .toolCalls()
                .orElseThrow()
                .getFirst()
                .asFunction()
                .function()
                .arguments())
                .isEqualTo("{\"city\":\"Bern\"}");
        assertThat(world.openai.seen().getFirst().body()).contains("get_weather")
                .contains("\"x_frobnicate\":{\"deep\":[1,2]}");
    }

    @Test
    void errorsOfTheVendorAndOfTheGatewayLookAlike() {
        world.openai.answers(Script.json(400,
                "{\"error\":{\"message\":\"too long\",\"type\":\"invalid_request_error\",\"param\":\"messages\",\"code\":\"context_length_exceeded\"}}"));

        assertThatThrownBy(() -> client.chat().completions().create(hello().build())).isInstanceOfSatisfying(
                BadRequestException.class, refused -> assertThat(refused.code()).contains("context_length_exceeded"));
        assertThatThrownBy(() -> client.chat().completions().create(hello().model("local/no-such-model").build()))
                .isInstanceOfSatisfying(
                        NotFoundException.class, refused -> assertThat(refused.code()).contains("model_not_found"));
    }

    @Test
    void aClientThatLeavesCancelsTheVendor() throws InterruptedException {
        world.openai.answers(Script.events(Payloads.chunk("{\"content\":\"one\"}", "null", true),
                Payloads.chunk("{\"content\":\"two\"}", "null", true)).ending(Script.End.HANG));
        int before = world.gateway.attempts().size();
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(hello().build())) {
            Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
            chunks.next();
            chunks.next();
        }
        client.close();

        assertThat(world.openai.left().poll(5, TimeUnit.SECONDS)).as("the vendor saw the call being cancelled")
                .isNotNull();
        Map<String, @Nullable Object> attempt = world.gateway.attempts().get(before);
        assertThat(attempt).containsEntry("state", "ABORTED").containsEntry("error_code", "client_closed_request");
        assertThat((Integer) attempt.get("output_tokens")).isPositive();
    }

    @Test
    void listsModels() {
        assertThat(client.models().list().data().stream().map(Model::id)).contains("helpdesk", "openai/gpt-4o");
        assertThat(client.models().retrieve("helpdesk").ownedBy()).isEqualTo("pareto");
    }
}
