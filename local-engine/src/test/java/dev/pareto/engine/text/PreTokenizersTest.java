package dev.pareto.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pre-tokenizers whose vocabularies we have no references for, against cuts made by hand from their patterns. */
final class PreTokenizersTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"',
            textBlock = """
                        gpt-4o; I'LL say it's HTTPServer 12345 a/b//; I'LL| say| it's| HTTPServer| |123|45| a|/b|//
                        gpt-4o; camelCase ÉCOLEécole 中文text; camel|Case| ÉCOLEécole| 中文text
                        tekken; it's 123 Été; it|'s| |1|2|3| Été
                        dbrx; abc 12345 'S; abc| |123|45| '|S
                        qwen35; नमस्ते 42; नमस्ते| |4|2
                        starcoder; x1 22 y; x|1| |2|2| y
                        bloom; Yes, (no). ok; Yes|, (|no|).| ok
                        viking; a12, b; a|1|2|,| b
                        deepseek-v3; x 12345 日本語テスト?!ok; x| |123|45| |日本語テスト|?!|ok
                        bailingmoe; Don't 12; Don|'t| |1|2
                        chatglm-bpe; ab 1234; ab| |123|4
                        kimi-k2; it's HTTPServer 中文text 1234?; it's| HTTPServer| |中文|text| |123|4|?
                        minicpm5; it's 12345 ab; it|'s| |123|45| ab
                        youtu; 中文text，한국 a12's; 中文|text|，|한국| a|1|2|'s
                        hy_v4; x 1234 日本; x| |123|4| |日本
                        gpt-2; ab 1234 it's; ab| 1234| it|'s
                        """)
    void cutsAsThePatternOfTheModel(String name, String text, String expected) {
        assertThat(String.join("|", words(name, text))).isEqualTo(expected);
    }

    @Test
    void lineBreaksStayWithMarksInSomeFamiliesOnly() {
        assertThat(words("gpt-4o", "a;\n/\n\nb")).containsExactly("a", ";\n/\n\n", "b");
        assertThat(words("seed-coder", "a;\n\nb")).containsExactly("a", ";", "\n\n", "b");
        assertThat(words("bailingmoe", "a\n\n b")).containsExactly("a", "\n\n", " b");
    }

    @Test
    void longRunsDoNotGoQuadraticAnywhere() {
        for (var name : PreTokenizers.names().split(", ", -1)) {
            for (var run : List.of("a", "A", "中", " ", "1", "'", "\n", "é", "\u0301")) {
                var text = run.repeat(200_000);
                assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThat(words(name, text)).isNotEmpty());
            }
        }
    }

    private static List<String> words(String name, String text) {
        var words = new ArrayList<String>();
        Objects.requireNonNull(PreTokenizers.find(name), name)
                .words()
                .split(text, 0, text.length(), (from, to) -> words.add(text.substring(from, to)));
        assertThat(String.join("", words)).isEqualTo(text);
        return words;
    }
}
