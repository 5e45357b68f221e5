package dev.pareto.proxy.upstream;

import static dev.pareto.proxy.upstream.Refusal.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.grammar.Grammar;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.upstream.Grammars.Notation;
import dev.pareto.proxy.upstream.Grammars.Source;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How requests say what an answer must match, and what they hear when that cannot be followed. */
final class LocalFormatTest {

    private static final String SCHEMA = "{\"type\":\"integer\"}";

    private final Grammars grammars = new Grammars(1);

    private static @Nullable LocalFormat read(String fields) {
        return LocalFormat.read(LocalFields.of(("{" + fields + "}").getBytes(StandardCharsets.UTF_8)));
    }

    private static LocalFormat format(String fields) {
        return Objects.requireNonNull(read(fields), "no format");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'n', 'strict': true, 'schema': {'type': 'integer'}}} | response_format.json_schema.schema",
            "'response_format': {'type': 'json_object', 'schema': {'type': 'integer'}} | response_format.schema",
            "'json_schema': {'type': 'integer'} | json_schema",
            "'json_schema': '{\\\"type\\\": \\\"integer\\\"}' | json_schema",
            "'guided_json': {'type': 'integer'} | guided_json",
            "'structured_outputs': {'json': {'type': 'integer'}} | structured_outputs.json"})
    void aSchemaMayComeUnderTheNamesOfSeveralServers(String fields, String param) {
        LocalFormat format = format(fields.replace('\'', '"'));

        assertThat(format.source()).isEqualTo(new Source(Notation.JSON_SCHEMA, SCHEMA));
        assertThat(format.param()).isEqualTo(param);
        assertThat(format.compile(grammars)).isSameAs(format("\"json_schema\":" + SCHEMA).compile(grammars));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "'response_format': {'type': 'json_object'} | JSON_SCHEMA | {'type':'object'}",
            "'structured_outputs': {'json_object': true} | JSON_SCHEMA | {'type':'object'}",
            "'regex': 'a+' | REGEX | a+", "'guided_regex': 'a+' | REGEX | a+",
            "'structured_outputs': {'regex': 'a+'} | REGEX | a+",
            "'grammar': 'root ::= [a]' | GBNF | root ::= [a]", "'ebnf': 'root ::= [a]' | GBNF | root ::= [a]",
            "'guided_grammar': 'root ::= [a]' | GBNF | root ::= [a]",
            "'structured_outputs': {'grammar': 'root ::= [a]'} | GBNF | root ::= [a]",
            "'guided_choice': ['a', 'b c'] | GBNF | `root ::= 'a' | 'b c'`",
            "'structured_outputs': {'choice': ['a']} | GBNF | root ::= 'a'"})
    void otherNotationsToo(String fields, Notation notation, String text) {
        LocalFormat format = format(fields.replace('\'', '"'));

        assertThat(format.source()).isEqualTo(new Source(notation, text.replace('\'', '"')));
        assertThat(format.compile(grammars).states()).isPositive();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "'response_format': {'type': 'json_schema'} | missing_required_parameter | response_format.json_schema | Missing",
            "'response_format': {'type': 'json_schema', 'json_schema': 5} | invalid_type | response_format.json_schema | expected an object",
            "'response_format': {'type': 'json_schema', 'json_schema': {'schema': {}}} | missing_required_parameter | response_format.json_schema.name | Missing",
            "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'a b', 'schema': {}}} | invalid_value | response_format.json_schema.name | 1 to 64 letters",
            "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'a'}} | missing_required_parameter | response_format.json_schema.schema | Missing",
            "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'a', 'schema': []}} | invalid_type | response_format.json_schema.schema | expected an object, but got an array",
            "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'a', 'schema': {}, 'strict': 1}} | invalid_type | response_format.json_schema.strict | expected a boolean",
            "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'a', 'schema': {}, 'x': 1}} | unknown_parameter | response_format.json_schema.x | Unknown",
            "'response_format': {'type': 'text', 'schema': {}} | unknown_parameter | response_format.schema | Unknown",
            "'response_format': 'json' | invalid_type | response_format | expected an object, but got a string",
            "'structured_outputs': {'lark': 'x'} | unknown_parameter | structured_outputs.lark | Unknown",
            "'structured_outputs': [] | invalid_type | structured_outputs | expected an object",
            "'json_schema': 5 | invalid_type | json_schema | expected an object",
            "'json_schema': '{' | invalid_json_schema | json_schema | not JSON",
            "'grammar': {} | invalid_type | grammar | expected a string",
            "'guided_choice': [] | empty_array | guided_choice | 1 to 1000",
            "'guided_choice': [5] | invalid_type | guided_choice | expected an array of strings",
            "'grammar': 'root ::= [a]', 'regex': 'a' | invalid_value | regex | 'grammar' and 'regex' both say",
            "'response_format': {'type': 'json_object'}, 'grammar': 'root ::= [a]' | invalid_value | grammar | send one of them"})
    void aWrongShapeIsRefusedByItsPlace(String fields, String code, String param, String words) {
        refused(() -> format(fields.replace('\'', '"')), code, param, words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "'json_schema': {'properties': {'a': {'not': {}}}} | invalid_json_schema | json_schema | cannot be followed at #/properties/a: 'not' has no grammar",
            "'json_schema': {'type': 'thing'} | invalid_json_schema | json_schema | at #: 'type' is thing",
            "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'bill', 'schema': {'items': {'$ref': '#/x'}}}} | invalid_json_schema | response_format.json_schema.schema | Invalid schema for response_format 'bill': the JSON schema cannot be followed at #/x",
            "'grammar': 'root ::= [a' | invalid_grammar | grammar | Invalid 'grammar': the grammar is wrong at line 1, column",
            "'regex': '(?=a)' | invalid_regex | regex | Invalid 'regex': the regular expression (?=a) is wrong at character",
            "'guided_choice': ['a', '\\ud800'] | invalid_grammar | guided_choice | surrogate"})
    void whatCannotBeFollowedIsRefusedWithThePlaceInIt(String fields, String code, String param, String words) {
        refused(() -> format(fields.replace('\'', '"')).compile(grammars), code, param, words);
    }

    @Test
    void aFormatIsBoundedInLengthAndRefusalsQuoteLittleOfIt() {
        refused(() -> format("\"grammar\":\"" + "#".repeat(300_000) + "\""), "string_above_max_length", "grammar",
                "but got 300000");
        LocalFormat wide = format("\"json_schema\":{\"type\":\"" + "x".repeat(100_000) + "\"}");
        assertThatThrownBy(() -> wide.compile(grammars)).isInstanceOfSatisfying(RefusedException.class,
                refused -> assertThat(refused.error().message()).hasSizeLessThan(700));
    }

    @Test
    void choicesAreTakenLiterally() {
        LocalFormat format = format("\"guided_choice\":[\"say \\\"a\\\\b\\\"\",\"[x]+\\n\"]");

        assertThat(format.source().text()).isEqualTo("root ::= \"say \\\"a\\\\b\\\"\" | \"[x]+\n\"");
        assertThat(format.compile(grammars).states()).isPositive();
    }

    @Test
    void equalTextsShareOneGrammarAndOthersDoNot() {
        Grammar first = grammars.get(new Source(Notation.REGEX, "[ab]+"));

        assertThat(grammars.get(new Source(Notation.REGEX, "[ab]+"))).isSameAs(first);
        assertThat(grammars.get(new Source(Notation.REGEX, "[ab]*"))).isNotEqualTo(first);
        assertThatThrownBy(() -> grammars.get(new Source(Notation.REGEX, "[")))
                .isInstanceOf(EngineException.InvalidRequest.class);
        assertThat(grammars.get(new Source(Notation.REGEX, "c"))).as("a place is given back after a failure")
                .isNotNull();
    }
}
