package dev.pareto.proxy.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

import dev.pareto.proxy.testing.Payloads;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamWatchTest {

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Passes a stream in pieces of random size and returns what came out. */
    private static String pass(StreamWatch watch, byte[] stream, int most, RandomGenerator random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < stream.length;) {
            int next = Math.min(stream.length, at + 1 + random.nextInt(most));
            out.writeBytes(watch.pass(Arrays.copyOfRange(stream, at, next)));
            at = next;
        }
        out.writeBytes(watch.end());
        return out.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64, 5_000})
    void hidesExactlyWhatAskingForTheUsageAdded(int piece) {
        StreamWatch watch = new StreamWatch(true);

        String passed = pass(watch, Payloads.stream(true).bytes(), piece, new SplittableRandom(piece));

        assertThat(passed).isEqualTo(new String(Payloads.stream(false).bytes(), StandardCharsets.UTF_8));
        assertThat(watch.observed().usageRaw()).contains("\"prompt_tokens\":19");
        assertThat(watch.observed().model()).isEqualTo("gpt-4o");
        assertThat(watch.observed().finishReason()).isEqualTo("stop");
        assertThat(watch.done()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4_000})
    void passesEveryByteWhenTheCallerAskedItself(int piece) {
        byte[] stream = Payloads.stream(true).bytes();
        StreamWatch watch = new StreamWatch(false);

        assertThat(pass(watch, stream, piece, new SplittableRandom(piece)))
                .isEqualTo(new String(stream, StandardCharsets.UTF_8));
        assertThat(watch.observed().usageRaw()).contains("\"cached_tokens\":4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void understandsEveryLineEndCommentsAndDataWithoutSpace(String end) {
        String stream = String.join(end, ": ping", "", "id: 7", "event: x",
                "data:{\"model\":\"m\",\"choices\":[{\"delta\":{}}]}", "",
                "data: {\"choices\":[],", "data: \"usage\":{\"prompt_tokens\":3}}", "", "data:[DONE]", "", "");
        StreamWatch watch = new StreamWatch(false);

        assertThat(pass(watch, ascii(stream), 3, new SplittableRandom(1))).isEqualTo(stream);
        assertThat(watch.observed().model()).isEqualTo("m");
        assertThat(watch.observed().usageRaw()).isEqualTo("{\"prompt_tokens\":3}");
        assertThat(watch.done()).isTrue();
    }

    @Test
    void removesTheNullWhereverItStands() {
        StreamWatch watch = new StreamWatch(true);

        String passed = new String(watch.pass(ascii("""
                                                    data: {"usage": null , "a":1,"choices":[{}]}

                                                    data: {"a":1 , "usage" :null,"choices":[{}]}

                                                    data: {"usage":null}

                                                    """)), StandardCharsets.UTF_8);

        assertThat(passed).isEqualTo("""
                                     data: {"a":1,"choices":[{}]}

                                     data: {"a":1 ,"choices":[{}]}

                                     data: {}

                                     """);
    }

    @Test
    void isNotFooledByTextThatLooksLikeUsage() {
        StreamWatch watch = new StreamWatch(true);
        String chunk = "data: {\"choices\":[{\"delta\":{\"content\":\"\\\"usage\\\":null, \\\"finish_reason\\\":\\\"stop\\\"\"}}]}\n\n";

        assertThat(new String(watch.pass(ascii(chunk)), StandardCharsets.UTF_8)).isEqualTo(chunk);
        assertThat(watch.observed().complete()).isFalse();
        assertThat(watch.observed().usageRaw()).isNull();
    }

    @Test
    void holdsBackHalfAnEventUntilItIsWhole() {
        StreamWatch watch = new StreamWatch(false);

        assertThat(watch.pass(ascii("data: {\"a\":"))).isEmpty();
        assertThat(new String(watch.pass(ascii("1}\n\ndata: x")), StandardCharsets.UTF_8))
                .isEqualTo("data: {\"a\":1}\n\n");
    }

    @Test
    void countsTheTextThatWasRelayed() {
        StreamWatch watch = new StreamWatch(true);
        watch.pass(ascii(Payloads.chunk("{\"content\":\"häl\\\"o\"}", "null", true)));
        watch.pass(ascii(
                Payloads.chunk("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{a}\"}}]}", "null", true)));

        assertThat(watch.observed().outputCharacters()).isEqualTo(8);
        assertThat(watch.observed().events()).isEqualTo(2);
    }

    @Test
    void seesAnErrorInTheStream() {
        StreamWatch watch = new StreamWatch(false);
        watch.pass(ascii("data: {\"choices\":[{}]}\n\ndata: {\"error\":{\"message\":\"overloaded\"}}\n\n"));

        assertThat(watch.observed().error()).isTrue();
        assertThat(watch.observed().complete()).isFalse();
    }

    @Test
    void refusesAnEventThatNeverEnds() {
        StreamWatch watch = new StreamWatch(false);
        byte[] piece = new byte[64 << 10];
        Arrays.fill(piece, (byte) 'x');

        assertThatThrownBy(() -> {
            for (int i = 0; i < 17; i++) {
                watch.pass(piece);
            }
        }).isInstanceOf(RefusedException.class);
    }
}
