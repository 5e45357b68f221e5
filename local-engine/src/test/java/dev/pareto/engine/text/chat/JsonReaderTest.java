package dev.pareto.engine.text.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonReaderTest {

    @Test
    void objectsBecomeMaps() {
        assertThat(JsonReader
                .object(" {\"a\": [1, -2.5, 1e3, true, null], \"b\": {\"c\": \"x\\n\\u00e4\\\"\"}, \"d\": {}} "))
                .isEqualTo(Map.of("a", Arrays.asList(1L, -2.5, 1000.0, true, null), "b", Map.of("c", "x\nä\""), "d",
                        Map.of()));
        assertThat(JsonReader.object("{\"n\": 12345678901234567890, \"e\": []}"))
                .isEqualTo(Map.of("n", 1.2345678901234567e19, "e", List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":01}", "{\"a\":1} x", "{'a':1}",
            "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"a\":nul}", "{\"a\":-}", "{\"a\":\"\n\"}"})
    void whatIsNoObjectIsNone(String text) {
        assertThat(JsonReader.object(text)).isNull();
    }

    @Test
    void deepOnesAreNone() {
        assertThat(JsonReader.object("{\"a\":".repeat(10_000))).isNull();
    }
}
