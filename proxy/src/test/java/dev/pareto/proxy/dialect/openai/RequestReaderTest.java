package dev.pareto.proxy.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestReaderTest {

    private static OpenAiRequest read(String body) {
        return RequestReader.read(Endpoint.CHAT, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String patched(String body, String model, boolean usage) {
        return new String(read(body).bodyFor(model, usage), StandardCharsets.UTF_8);
    }

    @Test
    void readsWhatIsUsedAndStepsOverTheRest() {
        OpenAiRequest request = read(
                """
                {"frob": {"model": "no", "stream": [1]}, "messages": [{"role": "user", "content": [
                  {"type": "text", "text": "12345"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]}],
                 "model": "gpt-4o", "stream": true, "tools": [{"type": "function"}], "max_completion_tokens": 7,
                 "stream_options": {"include_usage": true}, "service_tier": "flex"}""");

        assertThat(request.model()).isEqualTo("gpt-4o");
        assertThat(request.stream()).isTrue();
        assertThat(request.tools()).isTrue();
        assertThat(request.usageWanted()).isTrue();
        assertThat(request.maxOutputTokens()).isEqualTo(7);
        assertThat(request.promptCharacters()).isEqualTo(5);
        assertThat(request.serviceTier()).isEqualTo("flex");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"'x':1 | 1", "'n':3 | 3", "'n':2,'best_of':5 | 5",
            "'n':0 | 1", "'n':null | 1", "'n':[7],'best_of':{'n':8} | 1", "'n':99999999999 | 1"})
    void countsTheAnswersThatAreMade(String fields, int answers) {
        assertThat(read(("{'model':'m'," + fields + "}").replace('\'', '"')).answers()).isEqualTo(answers);
    }

    @Test
    void keepsTheCallersBytesWhenNothingIsToBeChanged() {
        byte[] body = "{ \"model\" :\t\"gpt-4o\",\n\"x\":1e5 , \"messages\":[ ]}  ".getBytes(StandardCharsets.UTF_8);

        assertThat(RequestReader.read(Endpoint.CHAT, body).bodyFor("gpt-4o", false)).isSameAs(body);
    }

    @Test
    void replacesOnlyTheModelsName() {
        assertThat(patched("{\"a\":\"ü\", \"model\" : \"help\\u0064esk\" ,\"z\":0}", "gpt-\"4", false))
                .isEqualTo("{\"a\":\"ü\", \"model\" : \"gpt-\\\"4\" ,\"z\":0}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"model\":\"m\",\"stream\":true} | {\"stream_options\":{\"include_usage\":true},\"model\":\"m\",\"stream\":true}",
            "{\"model\":\"m\",\"stream\":true,\"stream_options\": null} | {\"model\":\"m\",\"stream\":true,\"stream_options\": {\"include_usage\":true}}",
            "{\"model\":\"m\",\"stream_options\":{ },\"stream\":true} | {\"model\":\"m\",\"stream_options\":{\"include_usage\":true },\"stream\":true}",
            "{\"model\":\"m\",\"stream_options\":{\"x\":1},\"stream\":true} | {\"model\":\"m\",\"stream_options\":{\"include_usage\":true,\"x\":1},\"stream\":true}",
            "{\"model\":\"m\",\"stream_options\":{\"include_usage\": false},\"stream\":true} | {\"model\":\"m\",\"stream_options\":{\"include_usage\": true},\"stream\":true}",
            "{\"model\":\"m\",\"stream_options\":{\"include_usage\":true},\"stream\":true} | {\"model\":\"m\",\"stream_options\":{\"include_usage\":true},\"stream\":true}",
            "{\"model\":\"m\",\"stream\":false} | {\"model\":\"m\",\"stream\":false}"})
    void asksForTheUsageOfAStreamWhateverTheCallerSaid(String body, String expected) {
        assertThat(patched(body, "m", true)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "nonsense", "{\"model\":\"a\",\"model\":\"b\"}", "{\"model\":\"a\"} x",
            "{\"model\":1}", "{}",
            "{\"model\":\"a\",\"stream\":\"yes\"}", "{\"model\":\"a\",\"max_tokens\":\"7\"}",
            "{\"model\":\"a\",\"stream_options\":1}",
            "{\"model\":\"a\",\"n\":11111111111111111111111111111111111111}"})
    void refusesWhatNoVendorCouldRead(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(RefusedException.class,
                refused -> assertThat(refused.error().status()).isEqualTo(400));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "\"max_tokens\": 2147483648 | integer_above_max_value | max_tokens",
            "\"max_completion_tokens\": -99999999999999999999 | integer_below_min_value | max_completion_tokens",
            "\"max_tokens\": \"7\" | invalid_type | max_tokens", "\"stream\": 1 | invalid_type | stream",
            "\"stream_options\": [] | invalid_type | stream_options"})
    void namesTheFieldThatIsWrong(String field, String code, String param) {
        assertThatThrownBy(() -> read("{\"model\":\"m\"," + field + "}")).isInstanceOfSatisfying(RefusedException.class,
                refused -> {
                    assertThat(refused.error().code()).isEqualTo(code);
                    assertThat(refused.error().param()).isEqualTo(param);
                    assertThat(refused.error().message()).startsWith("Invalid ").contains("'" + param + "'");
                });
    }

    @Test
    void refusesWhatIsNestedTooDeep() {
        String body = "{\"model\":\"a\",\"x\":" + "[".repeat(100_000);

        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(RefusedException.class,
                refused -> assertThat(refused.error().code()).isEqualTo("invalid_json"));
    }

    @Test
    void refusesOtherEncodingsRatherThanGuessWhereTheModelStands() {
        byte[] body = "{\"model\":\"a\"}".getBytes(StandardCharsets.UTF_16LE);

        assertThatThrownBy(() -> RequestReader.read(Endpoint.CHAT, body)).isInstanceOfSatisfying(RefusedException.class,
                refused -> assertThat(refused.error().status()).isEqualTo(400));
    }
}
