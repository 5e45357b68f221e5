package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import dev.pareto.engine.LocalEngine;
import dev.pareto.proxy.testing.Gateway;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Answers of the embedded model that must match something, and several answers to one request, over HTTP. */
final class LocalFormatsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String TICKET = """
                                         {"type":"object","properties":{
                                           "queue":{"enum":["billing","shipping","returns","account"]},
                                           "urgent":{"type":"boolean"},
                                           "stars":{"type":"integer","minimum":1,"maximum":5},
                                           "order":{"anyOf":[{"type":"null"},{"type":"string","pattern":"^[A-Z]{2}[0-9]{4}$"}]},
                                           "words":{"type":"array","items":{"type":"string","maxLength":8},"maxItems":2}},
                                         "required":["queue","urgent","stars","order","words"],"additionalProperties":false}""";

    private static @Nullable Gateway gateway;

    @BeforeAll
    static void start(@TempDir Path folder) {
        assumeThat(LocalEngine.class.getResource("models/support-desk.gguf")).as("this build has no embedded model")
                .isNotNull();
        gateway = Gateway.start(folder, "vendors: {local: {engine: embedded}}\n");
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            gateway.close();
        }
    }

    private static Gateway gateway() {
        return Objects.requireNonNull(gateway);
    }

    private static HttpResponse<byte[]> chat(String fields) {
        return gateway().post("/v1/chat/completions",
                """
                {"model":"local/support-desk","messages":[{"role":"user","content":"My parcel AB1234 is late!"}],%s}"""
                        .formatted(fields));
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static JsonNode ok(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static List<String> contents(JsonNode answer) {
        return answer.path("choices")
                .valueStream()
                .map(choice -> choice.path("message").path("content").asString())
                .toList();
    }

    private static String ticket() {
        return "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"ticket\",\"strict\":true,"
                + "\"schema\":" + TICKET + "}}";
    }

    private static void assertTicket(String text) {
        var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(JSON.readTree(TICKET));
        assertThat(schema.validate(JSON.readTree(text))).as(text).isEmpty();
    }

    /** The events of a stream but for {@code [DONE]}, which must be the last. */
    private static List<JsonNode> events(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
        List<String> data = new ArrayList<>(List.of(text(answer).strip().split("\n\n")));
        assertThat(data.removeLast()).isEqualTo("data: [DONE]");
        return data.stream().map(event -> JSON.readTree(event.substring("data: ".length()))).toList();
    }

    private static Map<Integer, String> texts(List<JsonNode> events) {
        Map<Integer, String> texts = new TreeMap<>();
        for (JsonNode event : events) {
            event.path("choices")
                    .forEach(choice -> texts.merge(choice.path("index").asInt(),
                            choice.path("delta").path("content").asString(""), String::concat));
        }
        return texts;
    }

    @Test
    void everyAnswerFollowsItsSchema() {
        JsonNode answer = ok(chat("\"n\":3,\"max_tokens\":300,\"temperature\":1.5,\"seed\":1," + ticket()));

        assertThat(answer.path("choices")).hasSize(3)
                .allMatch(choice -> choice.path("finish_reason").asString().equals("stop"));
        contents(answer).forEach(LocalFormatsTest::assertTicket);
    }

    @Test
    void soDoesAStreamedOne() {
        String fields = "\"max_tokens\":300,\"temperature\":0," + ticket();
        String whole = contents(ok(chat(fields))).getFirst();
        List<JsonNode> events = events(chat("\"stream\":true," + fields));

        assertTicket(whole);
        assertThat(events).hasSizeGreaterThan(5);
        assertThat(texts(events)).isEqualTo(Map.of(0, whole));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', value = {
            "'response_format':{'type':'json_object'} # \\{.*",
            "'json_schema':{'type':'array','items':{'type':'boolean'},'minItems':2,'maxItems':2} # \\[\\s*(true|false)\\s*,\\s*(true|false)\\s*\\]",
            "'guided_regex':'[A-Z]{3}-[0-9]{4}' # [A-Z]{3}-[0-9]{4}",
            "'guided_choice':['refund','exchange'] # refund|exchange",
            "'structured_outputs':{'choice':['yes','no']} # yes|no",
            "'grammar':'root ::= [xyz]{4} (\\\"-\\\" [0-9]{2})?' # [xyz]{4}(-[0-9]{2})?"})
    void otherNotationsAreFollowedToo(String field, String pattern) {
        JsonNode answer = ok(chat("\"max_tokens\":60,\"temperature\":1.2,\"seed\":3," + field.replace('\'', '"')));

        assertThat(contents(answer).getFirst()).matches("(?s)" + pattern);
    }

    @Test
    void schemasThatCannotBeFollowedAreRefusedWithThePlace() {
        HttpResponse<byte[]> schema = chat("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                + "{\"name\":\"t\",\"schema\":{\"properties\":{\"a\":{\"not\":{}}}}}}");
        HttpResponse<byte[]> grammar = chat("\"grammar\":\"root ::= [a\"");
        HttpResponse<byte[]> step = chat("\"typical_p\":2");

        assertThat(List.of(schema.statusCode(), grammar.statusCode(), step.statusCode())).containsOnly(400);
        assertThat(text(schema)).contains("\"type\":\"invalid_request_error\"")
                .contains("\"param\":\"response_format.json_schema.schema\"")
                .contains("\"code\":\"invalid_json_schema\"")
                .contains("#/properties/a: 'not' has no grammar");
        assertThat(text(grammar)).contains("\"code\":\"invalid_grammar\"").contains("line 1, column");
        assertThat(text(step)).contains("\"code\":\"decimal_above_max_value\"").contains("\"param\":\"typical_p\"");
    }

    @Test
    void severalAnswersCountThePromptOnce() {
        JsonNode one = ok(chat("\"max_tokens\":3"));
        JsonNode three = ok(chat("\"max_tokens\":3,\"n\":3"));

        assertThat(three.path("choices").valueStream().map(choice -> choice.path("index").asInt()))
                .containsExactly(0, 1, 2);
        JsonNode usage = three.path("usage");
        assertThat(usage.path("prompt_tokens").asInt()).isEqualTo(one.path("usage").path("prompt_tokens").asInt());
        assertThat(usage.path("completion_tokens").asInt()).isBetween(3, 9);
        assertThat(gateway().attempts().getLast()).containsEntry("usage_source", "VENDOR")
                .containsEntry("state", "SETTLED");
    }

    @Test
    void severalStreamedAnswersEachOpenAndCloseAndShareOneUsage() {
        List<JsonNode> events = events(chat("\"n\":3,\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                + "\"guided_choice\":[\"late\",\"lost\"]"));

        assertThat(texts(events)).hasSize(3).allSatisfy((index, text) -> assertThat(text).isIn("late", "lost"));
        List<JsonNode> choices = events.stream().flatMap(event -> event.path("choices").valueStream()).toList();
        assertThat(choices.stream().filter(choice -> choice.path("finish_reason").isString())).hasSize(3);
        assertThat(choices.stream().filter(choice -> choice.path("delta").path("role").isString())).hasSize(3);
        assertThat(events.stream().filter(event -> event.path("usage").isObject())).hasSize(1);
        assertThat(events.getLast().path("choices")).isEmpty();
    }

    @Test
    void theBestOfSeveralCompletionsIsOne() {
        JsonNode answer = ok(gateway().post("/v1/completions",
                """
                {"model":"local/support-desk","prompt":"My parcel","best_of":3,"max_tokens":4,"regex":"[a-z]{400}"}"""));

        assertThat(answer.path("choices")).hasSize(1);
        assertThat(answer.path("usage").path("completion_tokens").asInt()).as("all three are counted").isEqualTo(12);
    }

    @Test
    void allStepsOfSamplingTogetherGiveAnAnswer() {
        JsonNode answer = ok(
                chat("""
                     "max_tokens":8,"seed":5,"top_k":40,"top_p":0.95,"min_p":0.01,"typical_p":0.9,"top_n_sigma":3,
                     "min_keep":2,"xtc_probability":0.5,"xtc_threshold":0.2,"repeat_penalty":1.1,
                     "repeat_last_n":32,"dry_multiplier":0.8,"dry_base":1.75,"dry_allowed_length":2,
                     "dry_penalty_last_n":-1,"dry_sequence_breakers":["\\n"]"""));
        JsonNode mirostat = ok(chat("\"max_tokens\":8,\"mirostat\":2,\"mirostat_tau\":5,\"mirostat_eta\":0.1"));

        assertThat(answer.path("usage").path("completion_tokens").asInt()).isPositive();
        assertThat(mirostat.path("usage").path("completion_tokens").asInt()).isPositive();
    }

    @Test
    void openAisOwnClientTakesSeveralAnswers() {
        OpenAIClient client = OpenAIOkHttpClient.builder()
                .baseUrl(gateway().url() + "/v1")
                .apiKey("sk-1")
                .maxRetries(0)
                .build();
        try {
            ChatCompletion answer = client.chat()
                    .completions()
                    .create(ChatCompletionCreateParams.builder()
                            .model("local/support-desk")
                            .addUserMessage("Say hello")
                            .maxCompletionTokens(3)
                            .n(2)
                            .build());

            answer.validate();
            assertThat(answer.choices()).hasSize(2);
        } finally {
            client.close();
        }
    }
}
