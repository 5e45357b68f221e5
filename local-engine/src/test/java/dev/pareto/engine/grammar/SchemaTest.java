package dev.pareto.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.pareto.engine.EngineException;
import tools.jackson.databind.json.JsonMapper;

final class SchemaTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static Grammar grammar(String schema) {
        return Grammar.jsonSchema(JSON.readValue(schema, Object.class));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '§', commentCharacter = '~', quoteCharacter = '`',
            textBlock = """
                        {"type":"string"} § "a\\n\\u00e9é\\/" § a
                        {"type":"string"} § "" § "\\ud83d"
                        {"type":"string","minLength":2,"maxLength":3} § "aé🦊" § "a"
                        {"type":"string","minLength":2,"maxLength":3} § "\\u0041\\"" § "abcd"
                        {"type":"integer"} § -120 § 1.0
                        {"type":"integer"} § 0 § 01
                        {"type":"integer","minimum":-5,"exclusiveMaximum":12} § -5 § 12
                        {"type":"integer","minimum":-5,"exclusiveMaximum":12} § 11 § -6
                        {"type":"number"} § -1.5e+10 § .5
                        {"type":"number","minimum":0,"maximum":1} § 0.25 § 1.5
                        {"type":"number","minimum":0,"maximum":1} § 1 § -0.1
                        {"type":"number","exclusiveMinimum":0,"maximum":2} § 0.001 § 0
                        {"type":"number","minimum":0,"maximum":1} § 0.50 § 1.01
                        {"type":"number","minimum":0,"maximum":1} § 1.00 § 2.00
                        {"type":"number","minimum":0,"exclusiveMaximum":1} § 0.0 § 1.0
                        {"type":"number","exclusiveMaximum":100} § 99.9999999999999 § 99.999999999999999
                        {"type":"number","exclusiveMinimum":-1000000,"maximum":-7} § -999999.999999999 § -999999.9999999999
                        {"type":"boolean"} § false § False
                        {"type":["null","integer"]} § null § "null"
                        {"enum":["a",1,null,{"b":[]}]} § {"b":[]} § 2
                        {"type":"string","enum":["a",1]} § "a" § 1
                        {"const":"x\\"y"} § "x\\"y" § "x"
                        {"type":"array","items":{"type":"integer"}} § [] § ["a"]
                        {"type":"array","items":{"type":"integer"},"minItems":2,"maxItems":3} § [1, 2,3] § [1]
                        {"type":"array","items":{"type":"integer"},"minItems":2,"maxItems":3} § [1,2] § [1,2,3,4]
                        {"type":"array","maxItems":0} § [] § [1]
                        {"prefixItems":[{"type":"integer"},{"type":"string"}],"items":false} § [1,"a"] § [1,"a",2]
                        {"prefixItems":[{"type":"integer"}],"items":{"type":"null"},"minItems":2} § [1,null,null] § [1]
                        {"type":"object"} § {"a": {"b":[1,true]}} § []
                        {"type":"object"} § {} § {"a"}
                        {"properties":{"a":{"type":"integer"},"b":{"type":"null"}},"required":["a"]} § {"a":1,"b":null} § {"b":null}
                        {"properties":{"a":{"type":"integer"},"b":{"type":"null"}},"required":["b"]} § {"b": null} § {"a":1}
                        {"properties":{"a":{"type":"integer"},"b":{"type":"null"}}} § {} § {"a":1,}
                        {"properties":{"a":{"type":"integer"},"b":{"type":"null"}}} § {"b":null} § {"b":null,"a":1}
                        {"properties":{"a":true},"additionalProperties":{"type":"null"}} § {"b":null,"ab":null} § {"b":1}
                        {"properties":{"a":{"type":"null"}},"additionalProperties":true} § {"a":null,"aa":1} § {"a":1}
                        {"properties":{"a":{"type":"null"}},"additionalProperties":true,"required":["z"]} § {"z":1} § {"a":null}
                        {"anyOf":[{"type":"integer"},{"type":"array"}]} § [1] § "a"
                        {"oneOf":[{"type":"integer"},{"type":"string"}]} § 4 § null
                        {"allOf":[{"type":"integer"}]} § 4 § "a"
                        {"$defs":{"n":{"type":"integer"}},"type":"array","items":{"$ref":"#/$defs/n"}} § [1,2] § ["a"]
                        {"properties":{"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["next"]} § {"next":{"next":null}} § {"next":1}
                        {"type":"string","pattern":"^[a-c]{2}$"} § "ab" § "abc"
                        {"type":"string","pattern":"\\\\d"} § "a1b" § "ab"
                        {"type":"string","format":"date"} § "2024-02-29" § "2023-02-29"
                        {"type":"string","format":"date"} § "1999-12-31" § "1999-11-31"
                        {"type":"string","format":"date-time"} § "2024-01-02T03:04:05.678Z" § "2024-01-02 03:04:05Z"
                        {"type":"string","format":"uuid"} § "123e4567-e89b-12d3-a456-426614174000" § "123e4567"
                        {"type":"string","format":"email"} § "a.b@example.org" § "a.b@"
                        {"type":"string","format":"ipv4"} § "192.168.0.1" § "256.1.1.1"
                        {"title":"T","description":"d","default":1,"x-own":2} § {"a":[]} § nope
                        true § [{}] § tru
                        """)
    void holdsTextsToTheSchema(String schema, String valid, String invalid) {
        var matching = new Matching(grammar(schema));
        assertThat(matching.matches(valid)).as("%s is valid for %s", valid, schema).isTrue();
        assertThat(matching.matches(invalid)).as("%s is invalid for %s", invalid, schema).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '§', commentCharacter = '~', quoteCharacter = '`',
            textBlock = """
                        {"not":{}} § 'not' has no grammar
                        {"properties":{"a":{"properties":{"b":{"uniqueItems":true}}}}} § /properties/a/properties/b: 'uniqueItems'
                        {"type":"int"} § 'type' is int
                        {"$ref":"#/$defs/x"} § nothing is there
                        {"$ref":"http://example.org/x"} § only what lies in the schema
                        {"$defs":{"a":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"} § itself
                        {"oneOf":[{"type":"integer"},{"type":"number"}]} § parts 0 and 1
                        {"allOf":[{},{}]} § several parts
                        {"type":"string","pattern":"a","minLength":1} § one alone
                        {"type":"string","pattern":"(?=a)"} § look-around
                        {"type":"integer","multipleOf":3} § 'multipleOf'
                        {"type":"integer","minimum":5,"maximum":4} § lies no number
                        {"properties":{},"required":["a"],"additionalProperties":false} § which 'properties' lacks
                        {"minItems":-1} § at least 0
                        {"type":"array","prefixItems":[{}],"items":false,"minItems":3} § asks for more
                        {"enum":[]} § matches no text
                        {"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]} § matches no text
                        [] § a schema is an object
                        """)
    void saysWhereASchemaCannotBeFollowed(String schema, String message) {
        assertThatThrownBy(() -> grammar(schema)).isInstanceOf(EngineException.InvalidRequest.class)
                .hasMessageContaining(message);
    }

    @Test
    void numbersBetweenBoundsAreExactlyThose() {
        var random = new Random(9);
        for (int round = 0; round < 150; round++) {
            Integer low = random.nextInt(5) == 0 ? null : random.nextInt(-1200, 1200);
            Integer high = random.nextInt(5) == 0
                    ? null
                    : (low == null
                            ? random.nextInt(-1200, 1200)
                            : low + random.nextInt(1500));
            var rules = Map.of("type", (Object) "integer");
            var schema = new LinkedHashMap<>(rules);
            put(schema, "minimum", low);
            put(schema, "maximum", high);
            var matching = new Matching(Grammar.jsonSchema(schema));
            for (int i = 0; i < 60; i++) {
                int value = i < 8 ? nearby(low, high, i) : random.nextInt(-1300, 2800);
                assertThat(matching.matches(Integer.toString(value))).as("%d in %s", value, schema)
                        .isEqualTo((low == null || value >= low) && (high == null || value <= high));
            }
        }
    }

    private static int nearby(@Nullable Integer low, @Nullable Integer high, int i) {
        var bound = i % 2 == 0 ? low : high;
        return (bound == null ? 0 : bound) + i / 2 - 2;
    }

    private static void put(Map<String, Object> schema, String key, @Nullable Integer value) {
        if (value != null) {
            schema.put(key, value);
        }
    }

    @Test
    void largeSchemasAreCompiledAndLongStringsCapped() {
        var properties = new LinkedHashMap<String, Object>();
        for (int i = 0; i < 300; i++) {
            properties.put("property" + i, Map.of("type", "string", "maxLength", 20));
        }
        var grammar = new Matching(Grammar.jsonSchema(Map.of("type", "object", "properties", properties)));
        assertThat(grammar.matches("{\"property7\":\"x\",\"property299\": \"" + "y".repeat(20) + "\"}")).isTrue();
        assertThat(grammar.matches("{\"property7\":\"" + "y".repeat(21) + "\"}")).isFalse();
        var text = new Matching(grammar("{\"type\":\"string\",\"maxLength\":100000000}"));
        assertThat(text.matches("\"" + "é".repeat(1000) + "\"")).isTrue();
    }

    @Test
    void partsOfOneOfAreToldApartSoFarAsThatIsCheap() {
        assertThat(Matching.matches(constants(100), "77")).isTrue();
        assertThatThrownBy(() -> constants(6_000)).isInstanceOf(EngineException.InvalidRequest.class)
                .hasMessageContaining("'oneOf'");
    }

    private static Grammar constants(int count) {
        return Grammar.jsonSchema(
                Map.of("oneOf", IntStream.range(0, count).mapToObj(value -> Map.of("const", value)).toList()));
    }

    @Test
    void grammarsThatAreWrittenAlikeAreEqual() {
        assertThat(grammar("{\"type\":\"string\"}")).isEqualTo(grammar("{ \"type\": \"string\" }"))
                .hasSameHashCodeAs(grammar("{\"type\":\"string\"}"))
                .isNotEqualTo(grammar("{\"type\":\"integer\"}"))
                .isNotEqualTo(Grammar.regex("a"));
        var one = grammar("{\"properties\":{\"a\":true,\"b\":true}}");
        assertThat(one).as("the order of properties counts")
                .isNotEqualTo(
                        grammar("{\"properties\":{\"b\":true,\"a\":true}}"));
        assertThat(Grammar.jsonObject()).hasToString(Grammar.jsonObject().toString());
        assertThat(JsonText.write(new BigDecimal("0.10"))).isEqualTo("0.10");
        assertThat(JsonText.write(0.1)).isEqualTo("0.1");
        assertThatThrownBy(() -> Grammar.jsonSchema(Map.of("const", Double.NaN))).hasMessageContaining("no number");
    }

    @Test
    void halvesOfPairsAreWrittenAsEscapes() {
        var grammar = grammar(
                "{\"type\":\"object\",\"properties\":{\"\\ud83d\":{\"enum\":[\"\\udd8a\",\"\\ud83e\\udd8a\"]}}}");

        assertThat(Matching.matches(grammar, "{\"\\ud83d\":\"\\udd8a\"}")).isTrue();
        assertThat(Matching.matches(grammar, "{\"\\ud83d\":\"🦊\"}")).isTrue();
        assertThat(Matching.matches(grammar, "{\"?\":\"?\"}")).isFalse();
    }

    @Test
    void referencesMayBeEscapedAsFragmentsAre() {
        var grammar = grammar(
                "{\"$defs\":{\"a b+<é>\":{\"const\":1},\"%24\":{\"const\":2},\"%\":{\"const\":3}},\"anyOf\":["
                        + "{\"$ref\":\"#/$defs/a%20b+%3C%C3%A9%3E\"},{\"$ref\":\"#/%24defs/%2524\"},{\"$ref\":\"#/$defs/%\"}]}");

        assertThat(Matching.matches(grammar, "1")).isTrue();
        assertThat(Matching.matches(grammar, "2")).isTrue();
        assertThat(Matching.matches(grammar, "3")).isTrue();
    }
}
