package dev.pareto.proxy.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

final class UsageTailTest {

    private static Observed after(String text) {
        UsageTail tail = new UsageTail();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        tail.add(bytes, 0, bytes.length);
        return tail.observed();
    }

    @Test
    void findsModelAndUsageOfAResponsesStream() {
        Observed seen = after("event: response.created\ndata: {\"response\":{\"model\":\"gpt-4o\",\"usage\":null}}\n\n"
                + "x".repeat(100_000)
                + "\ndata: {\"response\":{\"usage\": {\"input_tokens\":3,\"d\":{\"c\":1}},\"z\":1}}\n\n");

        assertThat(seen.model()).isEqualTo("gpt-4o");
        assertThat(seen.usageRaw()).isEqualTo("{\"input_tokens\":3,\"d\":{\"c\":1}}");
    }

    @Test
    void tellsNothingOfBytesThatTellNothing() {
        assertThat(after("\u0000binary \"usage\" \"model\"").usageRaw()).isNull();
        assertThat(after("").model()).isNull();
    }
}
