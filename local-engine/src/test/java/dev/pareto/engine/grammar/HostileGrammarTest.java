package dev.pareto.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.fuzz.Watched;

/** Grammars that were written to hurt are compiled or refused, within bounds of time, memory and stack. */
final class HostileGrammarTest {

    private static final long FLOOR_BYTES = 1L << 30;

    private static void bounded(Runnable compiling) {
        Watched.run(0, FLOOR_BYTES, EngineException.InvalidRequest.class, compiling);
    }

    /** A rule's name of four letters. */
    private static String rule(int number) {
        var name = new StringBuilder("r");
        for (int rest = number + 26 * 26 * 26; rest > 0; rest /= 26) {
            name.append((char) ('a' + rest % 26));
        }
        return name.toString();
    }

    @Test
    void repetitionsOfRepetitionsAreRefusedBeforeTheyCostTheStack() {
        for (var sign : List.of("?", "+", "*", "{1}")) {
            assertThatThrownBy(() -> Grammar.gbnf("root ::= \"a\"" + sign.repeat(60_000)))
                    .isInstanceOf(EngineException.InvalidRequest.class)
                    .hasMessageContaining("more than 10 repetitions follow one another");
        }
        assertThat(Matching.matches(Grammar.gbnf("root ::= \"a\"+?"), "aaa")).isTrue();
    }

    @Test
    void whatMatchesNothingIsNotRepeatedForever() {
        bounded(() -> Grammar.gbnf("root ::= ([]{999999}){999999} | \"a\""));
        bounded(() -> Grammar.regex("(?:[]{999999}){999999}|a"));
    }

    @Test
    void aLongChainOfShortRulesIsCalledRatherThanWrittenOut() {
        var grammar = new StringBuilder("root ::=");
        for (int i = 9_900; i >= 0; i -= 90) { // from its end on, so that each part is known to be short
            grammar.append(' ').append(rule(i));
        }
        for (int i = 0; i < 9_950; i++) {
            grammar.append('\n').append(rule(i)).append(" ::= ").append(rule(i + 1));
        }
        grammar.append('\n').append(rule(9_950)).append(" ::= \"x\"");

        assertThat(Matching.matches(Grammar.gbnf(grammar.toString()), "x".repeat(111))).isTrue();
    }

    @Test
    void rulesOfDeepGroupsThatUseEachOtherDoNotCostTheStack() {
        var grammar = new StringBuilder("root ::= " + rule(0));
        for (int i = 0; i < 90; i++) {
            grammar.append('\n').append(rule(i)).append(" ::= ");
            grammar.append("(\"a\" | ".repeat(95)).append(rule(i + 1)).append(")".repeat(95));
        }
        grammar.append('\n').append(rule(90)).append(" ::= \"x\"");

        assertThat(Matching.matches(Grammar.gbnf(grammar.toString()), "x")).isTrue();
    }

    @Test
    void aPropertyOfCharactersIsFoundOnceHoweverOftenItIsNamed() {
        bounded(() -> Grammar.regex("\\p{L}".repeat(1_900)));
        bounded(() -> Grammar.regex("\\P{Lu}|".repeat(1_200)));
    }

    @Test
    void aSchemaOfManyPropertiesBehindARequiredOneDoesNotCostTheStack() {
        var properties = new LinkedHashMap<String, Object>();
        var text = new StringBuilder();
        for (int i = 0; i < 12_000; i++) {
            properties.put("p" + i, Map.of("const", 1));
            text.append(i == 0 ? "{" : ",").append("\"p").append(i).append("\":1");
        }
        var schema = Map.of("type", "object", "properties", properties, "required",
                List.copyOf(properties.keySet()), "additionalProperties", false);

        assertThat(Matching.matches(Grammar.jsonSchema(schema), text.append('}').toString())).isTrue();
    }

    @Test
    void aTupleOfThousandsDoesNotCostTheStack() {
        var items = new ArrayList<Object>();
        for (int i = 0; i < 5_000; i++) {
            items.add(Map.of("const", i % 10));
        }
        var grammar = Grammar.jsonSchema(Map.of("type", "array", "prefixItems", items, "items", false));

        assertThat(Matching.matches(grammar, "[0,1,2]")).isTrue();
        assertThat(Matching.matches(grammar, "[0,2]")).isFalse();
    }

    @Test
    void thousandsOfNamesBesideFurtherOnesAreCompiledOrRefusedSoon() {
        var properties = new LinkedHashMap<String, Object>();
        for (int i = 0; i < 9_000; i++) {
            properties.put(Character.toString(0x4E00 + 2 * i) + i, Map.of("type", "null"));
        }
        bounded(() -> Grammar.jsonSchema(
                Map.of("type", "object", "properties", properties, "additionalProperties", true)));
    }

    @Test
    void aBoundOfABillionDigitsIsRefused() {
        assertThatThrownBy(
                () -> Grammar.jsonSchema(Map.of("type", "integer", "minimum", new BigDecimal("1e-999999999"))))
                .isInstanceOf(EngineException.InvalidRequest.class)
                .hasMessageContaining("'minimum'");
    }

    @Test
    void namesOfAMillionCharactersBesideFurtherOnesAreRefusedAtOnce() {
        var properties = new LinkedHashMap<String, Object>();
        for (int i = 0; i < 4_000; i++) {
            properties.put(rule(i) + "n".repeat(240), true);
        }
        assertThatThrownBy(() -> Grammar.jsonSchema(
                Map.of("type", "object", "properties", properties, "additionalProperties", true)))
                .isInstanceOf(EngineException.InvalidRequest.class)
                .hasMessageContaining("'additionalProperties' must be false");
    }

    @Test
    void aSchemaThatNestsDeeperThanCanBeFollowedIsRefusedBeforeItIs() {
        assertThatThrownBy(() -> nested(Configurations.MAX_DEPTH + 10)).isInstanceOf(
                EngineException.InvalidRequest.class).hasMessageContaining("nests deeper");
        assertThat(Matching.matches(nested(300), "{\"a\":".repeat(300) + "1" + "}".repeat(300))).isTrue();
    }

    /** Each definition needs the next one within it. */
    private static Grammar nested(int levels) {
        var definitions = new LinkedHashMap<String, Object>();
        for (int i = 0; i < levels; i++) {
            var next = i + 1 < levels ? Map.of("$ref", "#/$defs/d" + (i + 1)) : Map.of("const", 1);
            definitions.put("d" + i, Map.of("properties", Map.of("a", next), "required", List.of("a")));
        }
        return Grammar.jsonSchema(Map.of("$defs", definitions, "$ref", "#/$defs/d0"));
    }

    @Test
    void moreOptionalPropertiesThanCanBeFollowedAreRefusedBeforeTheAnswerBegins() {
        assertThatThrownBy(() -> optional(1_001)).isInstanceOf(EngineException.InvalidRequest.class)
                .hasMessageContaining("require one of the first");
        assertThat(Matching.matches(optional(1_000), "{\"p0\":1,\"p998\":1, \"p999\":1}")).isTrue();
    }

    private static Grammar optional(int count) {
        var properties = new LinkedHashMap<String, Object>();
        for (int i = 0; i < count; i++) {
            properties.put("p" + i, Map.of("type", "integer"));
        }
        return Grammar.jsonSchema(Map.of("type", "object", "properties", properties));
    }

    @Test
    void anEnumerationOfTenThousandValuesIsFollowed() {
        var values = new ArrayList<Object>();
        for (int i = 0; i < 10_000; i++) {
            values.add("value " + i * 7_919L);
        }
        var matching = new Matching(Grammar.jsonSchema(Map.of("enum", values)));

        assertThat(values).allSatisfy(value -> assertThat(matching.matches("\"" + value + "\"")).isTrue());
        assertThat(matching.matches("\"value 1\"")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"^[a-z]{1,5000}$", "^.{1,5000}$", "(?:[a-z]?){5000}", "^(?:[a-z]{1,100}){1,50}$",
            "(?:(?:a{1,70}){1,70}){1,70}", "(?:a|ab|b){1,5000}", "[ab]*a[ab]{20}", "(?:a?){3000}a{3000}", "(?:a*)*b",
            "(?:(?:x+x+)+y)*", "(?:\\w{1,50}\\W){1,100}", "(?:[^a]{0,999999}a){2}"})
    void largeCountsAndAmbiguousRepetitionsAreCompiledOrRefusedSoon(String pattern) {
        bounded(() -> Grammar.regex(pattern));
        bounded(() -> Grammar.jsonSchema(Map.of("type", "string", "pattern", pattern)));
    }
}
