package dev.pareto.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.pareto.engine.EngineException;

final class RegexTest {

    private static final String ALPHABET = "aab01-_. \n\"\\\té€🦊:";

    @ParameterizedTest
    @ValueSource(strings = {"a|b", "(?:ab|a)(?:b0|0)?", "[a-b]+-?\\d{1,2}", "\\w+\\s\\W*", "[^a\\d]{2,4}", "a.b*?",
            "(a*)*0|", "\\x61?\\u0062+", "[-_]a[.]", "(?<year>0|1)+\\.", "[\\s\\S]{3}", "\\\"[^\"]*\\\"", "\\\\a",
            "[\\w.]+", "()a?", "é|€|\\u{1F98A}", "[^\\W_]"})
    void matchesWhatJavaMatches(String pattern) {
        var java = Pattern.compile(pattern.replace("\\u{1F98A}", "🦊"));
        var whole = new Matching(Grammar.regex(pattern));
        var anchored = new Matching(
                Grammar.regex("^" + (pattern.contains("|") ? "(?:" + pattern + ")" : pattern) + "$"));
        var inside = new Matching(Grammar.jsonSchema(Map.of("type", "string", "pattern", pattern)));
        var random = new Random(6);
        int hits = 0;
        for (int i = 0; i < 1500; i++) {
            var text = new StringBuilder();
            for (int length = random.nextInt(6); length > 0; length--) {
                text.append(
                        Character.toString(ALPHABET.codePoints().skip(random.nextInt(15)).findFirst().orElseThrow()));
            }
            boolean expected = java.matcher(text).matches();
            hits += expected ? 1 : 0;
            assertThat(whole.matches(text.toString())).as("%s on %s", pattern, text).isEqualTo(expected);
            assertThat(anchored.matches(text.toString())).as("^%s$ on %s", pattern, text).isEqualTo(expected);
            assertThat(inside.matches(JsonText.write(text.toString()))).as("%s in %s", pattern, text)
                    .isEqualTo(java.matcher(text).find());
        }
        assertThat(hits).isPositive();
    }

    @Test
    void anchorsHoldForTheirAlternative() {
        var grammar = new Matching(Grammar.jsonSchema(Map.of("type", "string", "pattern", "^a|b$")));
        assertThat(grammar.matches("\"axx\"")).isTrue();
        assertThat(grammar.matches("\"xxb\"")).isTrue();
        assertThat(grammar.matches("\"xax\"")).isFalse();
    }

    @Test
    void unicodePropertiesAreKnown() {
        assertThat(Matching.matches(Grammar.regex("\\p{Lu}\\p{Ll}+\\P{L}"), "Émile!")).isTrue();
        assertThat(Matching.matches(Grammar.regex("[\\p{L}\\p{N}]+"), "中a١")).isTrue();
        assertThat(Matching.matches(Grammar.regex("\\p{Lu}+"), "aB")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
                                                                  (?=a)b; look-around
                                                                  (a; ')' is missing
                                                                  [a; ']' is missing
                                                                  a**; repeats a repetition
                                                                  *a; nothing to repeat
                                                                  (a)\\1; '\\1' cannot be followed
                                                                  a\\bc; '\\b' cannot be followed
                                                                  a(^b); anchor
                                                                  a{3,1}; repetition
                                                                  [z-a]; range
                                                                  \\p{Greek}; property
                                                                  a); out of place
                                                                  """)
    void whatIsNotRegularIsRefusedByName(String pattern, String message) {
        assertThatThrownBy(() -> Grammar.regex(pattern)).isInstanceOf(EngineException.InvalidRequest.class)
                .hasMessageContaining(message);
    }
}
