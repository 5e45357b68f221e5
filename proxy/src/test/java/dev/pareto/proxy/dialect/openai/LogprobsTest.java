package dev.pareto.proxy.dialect.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Log-probabilities are asked for behind the caller's back, read, and taken out again. */
final class LogprobsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"model\":\"m\"} | {\"logprobs\":true,\"temperature\":0.7,\"model\":\"m\"}",
            "{\"model\":\"m\",\"logprobs\":false,\"temperature\": 1 } | {\"model\":\"m\",\"logprobs\":true,\"temperature\": 0.7 }",
            "{\"temperature\":1.25,\"model\":\"m\",\"logprobs\":null} | {\"temperature\":0.7,\"model\":\"m\",\"logprobs\":true}",
            "{\"model\":\"m\",\"logprobs\":true,\"temperature\":null} | {\"model\":\"m\",\"logprobs\":true,\"temperature\":0.7}"})
    void onlyWhatIsAddedChanges(String asked, String sent) {
        OpenAiRequest request = RequestReader.read(Endpoint.CHAT, asked.getBytes(UTF_8));

        assertThat(new String(request.bodyFor("m", new OpenAiRequest.Additions(false, true, 0.7)), UTF_8))
                .isEqualTo(sent);
        assertThat(request.bodyFor("m", OpenAiRequest.Additions.NONE)).isSameAs(request.body());
    }

    @Test
    void theyAreTakenOutOfChoicesAlone() {
        String answer = "{\"logprobs\": {\"mine\": 1}, \"choices\": [{\"index\":0,\"message\":{\"content\":\"\\\"logprobs\\\":{}\",\"logprobs\":{\"a\":1}},"
                + "\"logprobs\": {\"content\":[{\"logprob\":-0.5}]},\"finish_reason\":\"stop\"}, {\"logprobs\":null}], \"usage\":{}}";

        assertThat(new String(Logprobs.hide(answer.getBytes(UTF_8)), UTF_8))
                .isEqualTo(answer.replace("\"logprobs\": {\"content\":[{\"logprob\":-0.5}]}", "\"logprobs\": null"));
        assertThat(Logprobs.hide("no json".getBytes(UTF_8))).isEqualTo("no json".getBytes(UTF_8));
    }

    @Test
    void aStreamLosesThemEventByEventHoweverItIsCut() {
        String event = "data: {\"choices\":[{\"delta\":{\"content\":\"%s\"},\"logprobs\":{\"content\":[{\"logprob\":-0.5}]}}],\"usage\":null}\n\n";
        String stream = event.formatted("a") + event.formatted("b") + "data: [DONE]\n\n";
        var whole = new StreamWatch(true, true);
        var cut = new StreamWatch(true, true);
        var pieces = new StringBuilder();
        for (byte one : stream.getBytes(UTF_8)) {
            pieces.append(new String(cut.pass(new byte[]{one}), UTF_8));
        }

        String clean = new String(whole.pass(stream.getBytes(UTF_8)), UTF_8);
        assertThat(clean)
                .isEqualTo(stream.replace("{\"content\":[{\"logprob\":-0.5}]}", "null").replace(",\"usage\":null", ""));
        assertThat(pieces).hasToString(clean);
    }

    @Test
    void whatTheFirstChoiceSaysIsReadWholeOrInEvents() {
        ReadAnswer whole = ReadAnswer
                .whole("""
                       {"choices":[{"index":0,"message":{"content":"Yes.","refusal":null,"tool_calls":[{"id":"1","function":{"name":"f","arguments":"{}"}}]},
                        "logprobs":{"content":[{"logprob":-0.5},{"logprob":-9999.0}]},"finish_reason":"stop"}]}"""
                        .getBytes(UTF_8));
        ReadAnswer events = ReadAnswer.events(
                """
                data: {"choices":[{"index":0,"delta":{"content":"Ye"},"logprobs":{"content":[{"logprob":-0.5}]}}]}

                data: {"choices":[{"index":1,"delta":{"content":"No"},"finish_reason":"length"}]}

                data: {"choices":[{"index":0,"delta":{"content":"s.","tool_calls":[{"index":0,"function":{"name":"f","arguments":"{"}}]},"logprobs":{"content":[{"logprob":-9999.0}]}}]}

                data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]},"finish_reason":"stop"}]}

                data: [DONE]
                """
                        .getBytes(UTF_8));

        for (ReadAnswer read : new ReadAnswer[]{whole, events}) {
            assertThat(read.text()).isEqualTo("Yes.");
            assertThat(read.calls()).containsExactly(new ReadAnswer.Call("f", "{}"));
            assertThat(read.finishReason()).isEqualTo("stop");
            assertThat(read.logprobs()).as("what is impossible is bounded").containsExactly(-0.5, -100);
        }
        assertThat(ReadAnswer.whole("no json".getBytes(UTF_8)).text()).isEmpty();
    }
}
